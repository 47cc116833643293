// One credit repair: what is to be repaired, what proves that it was made good, what happened and what may be done.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { repairAct, repairAttachmentUrl, repairShowQuery, type Repair } from "#api";
import { StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { Icon } from "../parts/icon";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import share from "../text/share";
import { useText } from "../text";

function Proofs({ of: r }: { of: Repair }) {
  const { t, bytes } = useText(share);
  return (
    <section>
      <h2>{t("repair.proofs")}</h2>
      {r.attachments.length ? (
        <ul className="files">
          {r.attachments.map((f) => (
            <li key={f.sha256}><a className="file" href={repairAttachmentUrl({ id: r.id, hash: f.sha256 })} download><Icon name="download" />{f.name}</a><span className="quiet">{bytes(f.bytes)}</span></li>
          ))}
        </ul>
      ) : <p className="quiet">{t("repair.no_proofs")}</p>}
    </section>
  );
}

export default function RepairPage() {
  const id = useParams()["id"]!;
  const { t, pick, day } = useText(share);
  const client = useQueryClient();
  const ask = repairShowQuery({ id });
  const { data: r } = useSuspenseQuery(ask);
  const { orgName } = useNames();
  return (
    <Page title={r.key[0]!} lead={pick(r.resource_title, r.resource_title_en)} back={["/repairs", t("nav.repairs")]} badges={<StatusTag of={r} />} help={t("repair.help")}>
      <div className="columns">
        <div className="wide">
          <Steps actions={r.actions} take={async (body) => client.setQueryData(ask.queryKey, await repairAct({ id }, body as Parameters<typeof repairAct>[1]))} />
          {r.answer && <section><h2>{t("repair.answer")}</h2><p className="panel">{r.answer}</p></section>}
          <section><h2>{t("repair.statement")}</h2><p className="panel">{r.statement}</p></section>
          <section><h2>{t("repair.commitment")}</h2><p className="panel">{r.commitment}</p></section>
          <Proofs of={r} />
          <Timeline events={r.history} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("flow.id"), r.id], [t("repair.what"), r.key.join(" / ")], [t("repair.subject"), `${r.subject_title} (${r.subject})`], [t("apply.provider"), orgName(r.provider)],
              [t("flow.resource"), <Link key="r" to={`/resources/${encodeURIComponent(r.resource)}`}>{pick(r.resource_title, r.resource_title_en)}</Link>],
              [t("repair.ground"), pick(r.ground_title, r.ground_title_en)], [t("repair.ruling"), r.ruling && `${r.court} ${r.ruling}`], [t("repair.ruled_on"), r.ruled_on],
              [t("repair.level"), pick(r.level_title, r.level_title_en)], [t("repair.decided_on"), r.decided_on], [t("repair.earliest"), r.earliest],
              [t("repair.latest"), r.latest], [t("flow.due"), r.due && day(r.due)],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
