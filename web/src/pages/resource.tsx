// One resource: what it is, how good its newest batch was, its items, its batches, and a place to deliver a file.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { batchQualityQuery, batchQuarantineFileUrl, resourceBatches, resourceBatchesQuery, resourceShowQuery, resourceTemplateUrl, type Batch, type Resource } from "#api";
import { Badge, GradeBadge, ShareBadge, StateBadge, type CodeRef } from "../parts/badges";
import { DetailList, Figures } from "../parts/facts";
import { Icon } from "../parts/icon";
import { LicenceBox } from "../parts/commercial";
import { ItemsTable } from "../parts/items";
import { orderOf, useHashList } from "../parts/list";
import { OpenData } from "../parts/opendata";
import { Page } from "../parts/page";
import { QualityReport } from "../parts/quality";
import { Empty } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import { UploadBox } from "../parts/upload";
import { useSession } from "../session";
import catalogue from "../text/catalogue";
import intake from "../text/intake";
import share from "../text/share";
import { useText } from "../text";

const STATES = ["sealed", "published", "withdrawn"] as const;
const ORDERS = ["id", "state", "rows", "deletes", "quarantined", "published"] as const;
const NOT_SHARED = "3";
const OPEN = "1"; // without conditions

function Checks({ resource: r }: { resource: Resource }) {
  const { t, tCode, pick } = useText(catalogue);
  if (!r.checks.length) return null;
  return (
    <section>
      <h2>{t("resource.checks")}</h2>
      <ul className="checks">
        {r.checks.map((c) => (
          <li key={c.predicate}><Badge tone={c.severity === "error" ? "poor" : "fair"}>{tCode("severity", c.severity)}</Badge><span>{pick(c.message, c.message_en)}</span><code>{c.predicate}</code></li>
        ))}
      </ul>
    </section>
  );
}

function Batches({ name }: { name: string }) {
  const { t, tCode, num, when, lang } = useText(catalogue, intake);
  const list = useHashList("batches", 10);
  const state = STATES.find((s) => s === list.filter("state"));
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(resourceBatchesQuery({ name, state, sort, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<Batch>> = [
    { id: "id", sort: "id", head: t("batch.id"), text: (b) => b.id, cell: (b) => <><Link to={`/deliveries/${encodeURIComponent(b.id)}`}>{b.id}</Link><span className="quiet">{tCode("mode", b.mode)}</span></> },
    { id: "state", sort: "state", head: t("batch.state"), text: (b) => tCode("state", b.state), cell: (b) => <StateBadge state={b.state} /> },
    { id: "rows", sort: "rows", head: t("batch.rows"), number: true, text: (b) => b.rows, cell: (b) => num(b.rows) },
    { id: "deletes", sort: "deletes", head: t("batch.deletes"), number: true, text: (b) => b.deletes, cell: (b) => num(b.deletes) },
    { id: "quarantined", sort: "quarantined", head: t("batch.quarantined"), number: true, text: (b) => b.quarantined, cell: (b) => b.quarantined
      ? <a className="file" href={batchQuarantineFileUrl({ id: b.id, format: "xlsx", lang })} download title={t("batch.download")}>{num(b.quarantined)}<Icon name="download" /></a> : "0" },
    { id: "published", sort: "published", head: t("batch.published"), text: (b) => b.published_at, cell: (b) => when(b.published_at) },
  ];
  return (
    <section>
      <h2>{t("resource.batches")}</h2>
      <ServerTable id="batches" label={t("resource.batches")} columns={columns} page={page} rowKey={(b) => b.id} list={list}
        ask={(offset, limit) => resourceBatches({ name, state, sort, limit, offset })} empty={<Empty text={t("batch.none")} />}
        filters={<Filter list={list} name="state" label={t("batch.state")} all={t("deliveries.all")} options={STATES.map((s) => [s, tCode("state", s)])} />} />
    </section>
  );
}

function Newest({ name }: { name: string }) {
  const { t } = useText(intake);
  const { data: batches } = useSuspenseQuery(resourceBatchesQuery({ name, state: "published", limit: 1 }));
  const newest = batches.items[0];
  return <section><h2>{t("quality.title")}</h2>{newest ? <Report batch={newest.id} /> : <Empty text={t("quality.none")} />}</section>;
}

function Report({ batch }: { batch: string }) {
  const { data } = useSuspenseQuery(batchQualityQuery({ id: batch }));
  return <QualityReport quality={data} />;
}

function About({ resource: r }: { resource: Resource }) {
  const { t, tCode, pick, day, listed } = useText(catalogue, intake);
  const code = (c: CodeRef | null): string => (c ? pick(c.title, c.title_en) : "");
  return (
    <section>
      <h2>{t("about.title")}</h2>
      <DetailList rows={[
        [t("about.code"), r.code], [t("about.name"), r.name], [t("about.version"), String(r.version)], [t("about.mode"), tCode("mode", r.mode)],
        [t("about.limit"), `${r.change_limit} %`], [t("about.format"), code(r.format)], [t("about.share_condition"), r.share_condition],
        [t("about.share_mode"), code(r.share_mode)], [t("about.open"), code(r.open)], [t("about.open_condition"), r.open_condition],
        [t("about.published"), r.published && day(r.published)], [t("about.keywords"), listed(r.keywords)], [t("about.scenario"), listed(r.scenario)],
        [t("about.legal"), r.legal_basis], [t("about.basis"), r.basis && tCode("basis", r.basis)], [t("about.pack"), r.pack],
      ]} />
      {r.related.length > 0 && <div><h3>{t("about.related")}</h3><ul>{r.related.map((x) => <li key={x}><Link to={`/resources/${encodeURIComponent(x)}`}>{x}</Link></li>)}</ul></div>}
    </section>
  );
}

export default function ResourcePage() {
  const name = useParams()["name"]!;
  const { t, tCode, pick, num, when, lang } = useText(catalogue, intake, share);
  const { session, can } = useSession();
  const { data: r } = useSuspenseQuery(resourceShowQuery({ name }));
  return (
    <Page title={pick(r.title, r.title_en)} lead={pick(r.summary, r.summary_en)} back={["/", t("nav.catalogue")]} help={t("resource.help")}
      badges={<>
        <ShareBadge share={r.share_type} />
        {r.update_cycle && <Badge>{pick(r.update_cycle.title, r.update_cycle.title_en)}</Badge>}
        {r.subject_kind !== "none" && <Badge>{tCode("kind", r.subject_kind)}</Badge>}
        <GradeBadge grade={r.grade} />
        {r.sample && <Badge tone="sample">{t("sample")}</Badge>}
      </>}
      actions={can("application.write") && r.share_type?.code !== NOT_SHARED && <Link className="button" to={`/applications/new?resource=${encodeURIComponent(r.name)}`}>{t("apply.use")}</Link>}>
      <Figures big rows={[
        [t("card.records"), r.records === null ? "…" : num(r.records)], [t("card.updated"), when(r.updated_at)], [t("resource.provider"), pick(r.provider.name, r.provider.name_en)],
      ]} />
      <div className="columns">
        <div className="wide">
          {session && <Newest name={name} />}
          {r.open?.code === OPEN && <OpenData name={name} items={r.items} />}
          <section><h2>{t("resource.items")}</h2><ItemsTable items={r.items} /></section>
          <Checks resource={r} />
          {session && <Batches name={name} />}
        </div>
        <div className="narrow">
          {can("delivery.write") && <section><h2>{t("upload.title")}</h2><UploadBox resource={name} /><p><a className="file" href={resourceTemplateUrl({ name, lang })} download><Icon name="download" />{t("upload.template")}</a></p></section>}
          <LicenceBox name={name} />
          <About resource={r} />
        </div>
      </div>
    </Page>
  );
}
