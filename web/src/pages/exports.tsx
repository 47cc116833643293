// Exports: how far each is, fetching and cancelling it.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { exportCancel, exportFileUrl, exportsListQuery, exportsList, type Export } from "#api";
import { Badge, Bar } from "../parts/badges";
import { ConfirmDanger } from "../parts/confirm";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import bank from "../text/bank";
import { useText } from "../text";

const ORDERS = ["created", "resource", "state", "format", "bytes", "expires"] as const;

const LOOK_AGAIN = 2000; // ms, while one is being made
const tones: { [state: string]: string } = { ready: "good", failed: "poor", cancelled: "quietly", expired: "quietly" };
const busy = (e: Export): boolean => ["queued", "running", "journalling"].includes(e.state);

function Progress({ export: e }: { export: Export }) {
  const { t, tCode, num, pick } = useText(bank);
  return (
    <>
      <Badge tone={tones[e.state] ?? "busy"}>{tCode("exporting", e.state)}</Badge>
      {busy(e) && e.expected ? <Bar share={e.rows / e.expected} tone="good" /> : null}
      <span className="quiet">{e.expected && busy(e) ? t("export.of", { n: num(e.rows), all: num(e.expected) }) : t("export.rows", { n: num(e.rows) })}</span>
      {e.error && <span className="bad">{pick(e.error.zh, e.error.en)}</span>}
    </>
  );
}

export default function Exports() {
  const { t, tCode, num, when, bytes } = useText(bank);
  const { can } = useSession();
  const client = useQueryClient();
  const list = useList();
  const sort = orderOf(list, ORDERS);
  const ask = exportsListQuery({ sort, limit: list.limit, offset: list.offset });
  const { data: page } = useSuspenseQuery({ ...ask, refetchInterval: (q) => (q.state.data?.items.some(busy) ? LOOK_AGAIN : false) });
  const { resourceTitle } = useNames(page.items.map((e) => e.resource));
  const columns: Array<Column<Export>> = [
    { id: "resource", sort: "resource", head: t("export.resource"), text: (e) => resourceTitle(e.resource), cell: (e) => <>{resourceTitle(e.resource)}<span className="quiet">{e.id}</span></> },
    { id: "service", head: t("export.service"), text: (e) => e.service && `${e.service} v${e.service_version}`, cell: (e) => e.service && <code>{`${e.service} v${e.service_version}`}</code>, extra: !page.items.some((e) => e.service) },
    { id: "state", sort: "state", head: t("export.state"), text: (e) => tCode("exporting", e.state), cell: (e) => <Progress export={e} /> },
    { id: "format", sort: "format", head: t("export.format"), text: (e) => e.format, cell: (e) => tCode("format", e.format) },
    { id: "bytes", sort: "bytes", head: t("export.bytes"), text: (e) => e.bytes, cell: (e) => e.bytes !== null && bytes(e.bytes) },
    { id: "left_out", head: t("export.left_out"), text: (e) => Object.values(e.left_out).reduce((n, x) => n + x, 0), cell: (e) => num(Object.values(e.left_out).reduce((n, x) => n + x, 0)) },
    { id: "expires", sort: "expires", head: t("export.expires"), text: (e) => e.expires_at, cell: (e) => when(e.expires_at) },
    { id: "sha256", head: "SHA-256", text: (e) => e.sha256, cell: (e) => e.sha256 && <code>{e.sha256}</code>, extra: true },
    { id: "do", head: t("export.do"), cell: (e) => can("export.ask") && (
      <span className="row-buttons">
        {e.state === "ready" && <a className="button small" href={exportFileUrl({ id: e.id })} download>{t("export.fetch")}</a>}
        {(busy(e) || e.state === "ready") && <ConfirmDanger className="plain small" text={t("export.cancel")} title={t("export.cancel_ask")} what={t("export.cancel_what")}
          act={async () => { await exportCancel({ id: e.id }); await client.invalidateQueries({ queryKey: ask.queryKey }); }} />}
      </span>
    ) },
  ];
  return (
    <Page title={t("export.heading")} lead={t("export.lead")} help={t("export.help")} back={can("service.call") ? ["/services", t("nav.services")] : undefined}>
      <ServerTable id="exports" label={t("export.heading")} columns={columns} page={page} rowKey={(e) => e.id} list={list}
        ask={(offset, limit) => exportsList({ sort, limit, offset })} empty={<Empty text={t("export.none")} />} />
    </Page>
  );
}
