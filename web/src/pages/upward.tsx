// What goes up to the platform above: messages and their acknowledgements, both sides compared day by day, and what came back to whom.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import {
  upwardDaysQuery, upwardListQuery, upwardMessages, upwardMessagesQuery, upwardReconcile, upwardResend, upwardReturned, upwardReturnedFileUrl, upwardReturnedQuery, upwardSend,
  type UpwardDay, type UpwardMessage, type UpwardReturnedRow, type UpwardStream,
} from "#api";
import { Badge } from "../parts/badges";
import { Chart } from "../parts/chart";
import { Figures } from "../parts/facts";
import { Icon } from "../parts/icon";
import { useHashList, useList, type ListState } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, FailureNote, Note } from "../parts/status";
import { Filter, ServerTable, Table, type Column } from "../parts/table";
import { useSession } from "../session";
import upward from "../text/upward";
import { lang, useText } from "../text";

const DRAWN = 60; // days in the picture
const PAGE = 10;
const TONES = { made: "quietly", sent: "fair", accepted: "good", refused: "poor" } as const;
const same = (d: UpwardDay): boolean => d.rows === d.upper_rows && d.hash === d.upper_hash;
const titleOf = (s: UpwardStream): string => (lang() === "zh" ? s.title : s.title_en);

/** A button for an act that the server carries out behind the page; what it says stands beside it. */
function Act({ label, done, act }: { label: string; done: string; act(): Promise<unknown> }) {
  const refresh = useRefresh();
  const [state, setState] = useState<"busy" | "done" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const run = async (): Promise<void> => {
    setState("busy");
    setError(null);
    try {
      await act();
      setState("done");
      await refresh();
    } catch (e) {
      setState(null);
      setError(e);
    }
  };
  return (
    <>
      <button type="button" className="plain" disabled={state === "busy"} onClick={() => void run()}>{label}</button>
      {state === "done" && <span className="quiet" role="status">{done}</span>}
      {error !== null && <FailureNote error={error} />}
    </>
  );
}

function Streams({ streams, chosen, list }: { streams: UpwardStream[]; chosen: string; list: ListState }) {
  const { t, num, when } = useText(upward);
  const { resourceTitle } = useNames(streams.map((s) => s.resource));
  const columns: Array<Column<UpwardStream>> = [
    { id: "stream", head: t("up.stream"), cell: (s) => <><button type="button" className="plain small" aria-pressed={s.stream === chosen} onClick={() => list.setFilter("stream", s.stream)}>{titleOf(s)}</button><span className="quiet">{resourceTitle(s.resource)} → {s.upper_resource}</span></> },
    { id: "last", head: t("up.messages_n"), number: true, cell: (s) => num(s.last ?? 0) },
    { id: "open", head: t("up.open"), number: true, cell: (s) => num(s.open) },
    { id: "returned", head: t("up.returned_n"), number: true, cell: (s) => (s.returned ? <Badge tone="poor">{num(s.returned)}</Badge> : num(0)) },
    { id: "contact", head: t("up.contact"), cell: (s) => (s.contact_at ? when(s.contact_at) : "–") },
    { id: "reconciled", head: t("up.reconciled"), cell: (s) => (s.reconciled_at ? <>{when(s.reconciled_at)} {s.days_differing ? <Badge tone="poor">{t("up.differ_n", { n: s.days_differing })}</Badge> : <Badge tone="good">{t("up.agree")}</Badge>}</> : "–") },
  ];
  return <Table label={t("up.stream")} columns={columns} rows={streams} rowKey={(s) => s.stream} />;
}

function Days({ stream }: { stream: string }) {
  const { t, num, day, when } = useText(upward);
  const { data } = useSuspenseQuery(upwardDaysQuery({ stream }));
  const drawn = useMemo(() => {
    const some = data.items.slice(0, DRAWN).reverse();
    const bar = (name: string, values: number[]) => ({ type: "bar" as const, barMaxWidth: 28, name, data: values });
    return {
      option: {
        grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
        legend: { top: 0 },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        xAxis: { type: "category" as const, data: some.map((d) => d.day) },
        yAxis: { type: "value" as const, minInterval: 1 },
        series: [bar(t("up.here"), some.map((d) => d.rows)), bar(t("up.above"), some.map((d) => d.upper_rows))],
      },
      heads: [t("up.day"), t("up.here"), t("up.above")],
      rows: some.map((d) => [d.day, d.rows, d.upper_rows]),
    };
  }, [data, t]);
  const wrong = data.items.filter((d) => !same(d));
  const columns: Array<Column<UpwardDay>> = [
    { id: "day", head: t("up.day"), cell: (d) => day(d.day) },
    { id: "here", head: t("up.here"), number: true, cell: (d) => num(d.rows) },
    { id: "above", head: t("up.above"), number: true, cell: (d) => num(d.upper_rows) },
    { id: "missing", head: t("up.missing"), number: true, cell: (d) => num(d.missing) },
    { id: "surplus", head: t("up.surplus"), number: true, cell: (d) => num(d.surplus) },
    { id: "different", head: t("up.different"), number: true, cell: (d) => num(d.different) },
  ];
  if (!data.items.length) return <section><h2>{t("up.days")}</h2><Empty text={t("up.no_days")} /></section>;
  return (
    <section>
      <h2>{t("up.days")}</h2>
      <p>{t("up.days_at", { at: when(data.items[0]!.at) })} {wrong.length ? <Badge tone="poor">{t("up.differ_n", { n: wrong.length })}</Badge> : <Badge tone="good">{t("up.agree")}</Badge>}</p>
      <div className="panel spaced"><Chart title={t("up.chart")} {...drawn} /></div>
      {wrong.length > 0 && <Table label={t("up.differing")} columns={columns} rows={wrong} rowKey={(d) => d.day} />}
    </section>
  );
}

function Messages({ stream }: { stream: string }) {
  const { t, tCode, num, day, when } = useText(upward);
  const list = useHashList("messages", PAGE);
  const { data: page } = useSuspenseQuery(upwardMessagesQuery({ stream, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<UpwardMessage>> = [
    { id: "sequence", head: t("up.sequence"), number: true, text: (m) => m.sequence, cell: (m) => num(m.sequence) },
    { id: "day", head: t("up.day"), text: (m) => m.day, cell: (m) => day(m.day) },
    { id: "state", head: t("up.state"), text: (m) => tCode("upstate", m.state), cell: (m) => <><Badge tone={TONES[m.state]}>{tCode("upstate", m.state)}</Badge>{m.error && <span className="quiet">{lang() === "zh" ? m.error.zh : m.error.en}</span>}</> },
    { id: "rows", head: t("up.rows"), number: true, text: (m) => m.rows, cell: (m) => num(m.rows) },
    { id: "deletes", head: t("up.deletes"), number: true, text: (m) => m.deletes, cell: (m) => num(m.deletes), extra: true },
    { id: "accepted", head: t("up.accepted"), number: true, text: (m) => m.accepted, cell: (m) => (m.accepted === null ? "–" : num(m.accepted)) },
    { id: "returned", head: t("up.back"), number: true, text: (m) => m.returned, cell: (m) => (m.returned === null ? "–" : num(m.returned)) },
    { id: "sent", head: t("up.sent"), text: (m) => m.sent_at, cell: (m) => (m.sent_at ? when(m.sent_at) : "–") },
    { id: "settled", head: t("up.settled"), text: (m) => m.settled_at, cell: (m) => (m.settled_at ? when(m.settled_at) : "–") },
    { id: "sha256", head: "SHA-256", text: (m) => m.sha256, cell: (m) => <code className="address">{m.sha256}</code>, extra: true },
  ];
  return (
    <section>
      <h2>{t("up.messages")}</h2>
      <ServerTable id="upward" label={t("up.messages")} columns={columns} page={page} rowKey={(m) => String(m.sequence)} list={list}
        ask={(offset, limit) => upwardMessages({ stream, limit, offset })} empty={<Empty text={t("up.no_messages")} />} />
    </section>
  );
}

function Returned({ stream, list }: { stream: string; list: ListState }) {
  const { t, tCode, num, when } = useText(upward);
  const open = list.filter("mended") !== "all";
  const { data: page } = useSuspenseQuery(upwardReturnedQuery({ stream, open, limit: list.limit, offset: list.offset }));
  const { orgName } = useNames();
  const columns: Array<Column<UpwardReturnedRow>> = [
    { id: "key", head: t("up.record"), text: (r) => r.key.join(" · "), cell: (r) => r.key.join(" · ") || "–" },
    { id: "why", head: t("up.why"), text: (r) => (lang() === "zh" ? r.zh : r.en), cell: (r) => (lang() === "zh" ? r.zh : r.en) },
    { id: "department", head: t("up.department"), text: (r) => r.department, cell: (r) => (r.department ? orgName(r.department) : "–") },
    { id: "sequence", head: t("up.sequence"), number: true, text: (r) => r.sequence, cell: (r) => num(r.sequence) },
    { id: "at", head: t("up.returned_at"), text: (r) => r.returned_at, cell: (r) => when(r.returned_at) },
    { id: "closed", head: t("up.mended"), text: (r) => r.closed_at, cell: (r) => (r.closed_at ? when(r.closed_at) : <Badge tone="poor">{tCode("upmended", "open")}</Badge>) },
  ];
  return (
    <section>
      <h2>{t("up.returned")}</h2>
      <p>{t("up.returned_lead")}</p>
      {page.total > 0 && <p><a className="button" href={upwardReturnedFileUrl({ stream, lang: lang() })}><Icon name="download" />{t("up.csv")}</a></p>}
      <ServerTable id="upward-returned" label={t("up.returned")} columns={columns} page={page} rowKey={(r) => `${r.sequence} ${r.key.join(" ")}`} list={list}
        ask={(offset, limit) => upwardReturned({ stream, open, limit, offset })} empty={<Empty text={t("up.none_returned")} />}
        filters={<Filter list={list} name="mended" label={t("up.mended")} all={tCode("upmended", "open")} options={[["all", tCode("upmended", "all")]]} />} />
    </section>
  );
}

function Stream({ stream, list }: { stream: UpwardStream; list: ListState }) {
  const { t, num } = useText(upward);
  const { can } = useSession();
  const name = stream.stream;
  return (
    <>
      <h2 className="spaced">{titleOf(stream)}</h2>
      {stream.error && <Note tone="bad" role="alert">{lang() === "zh" ? stream.error.zh : stream.error.en}</Note>}
      <Figures rows={[[t("up.messages_n"), num(stream.last ?? 0)], [t("up.open"), num(stream.open)], [t("up.accepted"), num(stream.accepted)], [t("up.returned_n"), num(stream.returned)]]} />
      {can("upward.act") && (
        <div className="buttons spaced">
          <Act key={`send ${name}`} label={t("up.send")} done={t("up.asked")} act={() => upwardSend({ stream: name })} />
          <Act key={`reconcile ${name}`} label={t("up.reconcile")} done={t("up.asked")} act={() => upwardReconcile({ stream: name })} />
          {stream.returned > 0 && <Act key={`resend ${name}`} label={t("up.resend")} done={t("up.asked")} act={() => upwardResend({ stream: name })} />}
        </div>
      )}
      {can("upward.returned") && <Returned stream={name} list={list} />}
      <Days stream={name} />
      <Messages stream={name} />
      <p className="quiet spaced">{t("up.basis", { source: stream.source })}</p>
    </>
  );
}

export default function Upward() {
  const { t } = useText(upward);
  const list = useList();
  const { data } = useSuspenseQuery(upwardListQuery());
  const chosen = data.items.find((s) => s.stream === list.filter("stream")) ?? data.items[0];
  return (
    <Page title={t("nav.upward")} lead={t("up.lead")} help={t("up.help")}>
      {!data.configured && <Note>{t("up.not_set")}</Note>}
      {chosen ? <><Streams streams={data.items} chosen={chosen.stream} list={list} /><Stream stream={chosen} list={list} /></> : <Empty text={t("up.no_streams")} />}
    </Page>
  );
}
