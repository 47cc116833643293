// One demand: what may meet it and why, what happened, what may be done.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { demandAct, demandMatch, demandShowQuery, type Demand } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { Choice, Field } from "../parts/form";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty, FailureNote } from "../parts/status";
import { useSession } from "../session";
import share from "../text/share";
import { useText } from "../text";

const MATCHED_AGAIN = ["open", "matched", "unmet"];

function Candidates({ demand: d, changed }: { demand: Demand; changed(d: Demand): void }) {
  const { t, pick, num } = useText(share);
  const { can } = useSession();
  const { resourceTitle } = useNames(d.candidates.map((c) => c.resource));
  const [problem, setProblem] = useState<unknown>(null);
  const again = (): void => {
    setProblem(null);
    demandMatch({ id: d.id }).then(changed).catch(setProblem);
  };
  return (
    <section>
      <h2>{t("demand.candidates")}</h2>
      {d.candidates.length ? (
        <ol className="candidates">
          {d.candidates.map((c) => (
            <li key={c.resource} className="panel">
              <h3><Link to={`/resources/${encodeURIComponent(c.resource)}`}>{resourceTitle(c.resource)}</Link><Badge>{t("demand.score", { n: num(c.score) })}</Badge></h3>
              <p className="quiet">{pick(c.reasons.zh, c.reasons.en)}</p>
              {can("application.write") && <p><Link to={`/applications/new?resource=${encodeURIComponent(c.resource)}&demand=${encodeURIComponent(d.id)}`}>{t("apply.use")}</Link></p>}
            </li>
          ))}
        </ol>
      ) : <Empty text={t("demand.no_candidates")} />}
      {can("demand.write") && MATCHED_AGAIN.includes(d.state) && <p className="buttons"><button type="button" className="plain" onClick={again}>{t("demand.match")}</button></p>}
      {problem ? <FailureNote error={problem} /> : null}
    </section>
  );
}

export default function DemandPage() {
  const id = useParams()["id"]!;
  const { t, pick, num, day } = useText(share);
  const client = useQueryClient();
  const ask = demandShowQuery({ id });
  const { data: d } = useSuspenseQuery(ask);
  const { organisations, orgName, resourceTitle } = useNames([d.resource ?? ""]);
  const changed = (next: Demand): void => void client.setQueryData(ask.queryKey, next);
  const sources = organisations.filter((o) => o.role === "source").map((o): [string, string] => [o.code, pick(o.name, o.name_en)]);
  return (
    <Page title={d.title} back={["/demands", t("nav.demands")]} help={t("demand.help")}
      badges={<><StatusTag of={d} />{d.urgency === "urgent" && <Badge tone="fair">{t("demand.urgent")}</Badge>}</>}>
      <div className="columns">
        <div className="wide">
          <Steps actions={d.actions} take={async (body) => changed(await demandAct({ id }, body as Parameters<typeof demandAct>[1]))} extras={{
            assign: <Choice id="provider" label={t("demand.responsible")} options={sources} />,
            supply: <Field id="resource" label={t("demand.supplied_by")} required={false} maxLength={48} autoComplete="off" />,
          }} />
          <Candidates demand={d} changed={changed} />
          <Timeline events={d.history} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("flow.id"), d.id], [t("demand.by"), orgName(d.organisation)], [t("demand.what_label"), d.what], [t("flow.purpose"), d.purpose],
              [t("flow.scenario"), d.scenario], [t("flow.basis"), d.legal_basis], [t("demand.responsible"), orgName(d.provider)],
              [t("flow.resource"), d.resource && <Link to={`/resources/${encodeURIComponent(d.resource)}`}>{resourceTitle(d.resource)}</Link>],
              [t("demand.list"), d.list], [t("demand.progress"), d.progress], [t("flow.due"), d.due_at && day(d.due_at)],
              [t("demand.age"), t("demand.days", { n: num(d.age_days) })],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
