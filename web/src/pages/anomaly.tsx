// One thing that was unusual: by which rule, by how much, whose calls are slowed down for it, and what was decided.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { anomalyAct, anomalyShowQuery } from "#api";
import { Bar, StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Note } from "../parts/status";
import { useSession } from "../session";
import security from "../text/security";
import share from "../text/share";
import { useText } from "../text";

const SLOWED = ["raised", "kept"];

export default function AnomalyPage() {
  const id = useParams()["id"]!;
  const { t, tCode, pick, num, when } = useText(security, share);
  const { can } = useSession();
  const client = useQueryClient();
  const ask = anomalyShowQuery({ id });
  const { data: a } = useSuspenseQuery(ask);
  const { orgName } = useNames();
  const most = Math.max(a.measured, a.threshold, 1);
  return (
    <Page title={pick(a.rule_title, a.rule_title_en)} lead={a.client ? `${a.client} · ${orgName(a.organisation)}` : orgName(a.organisation)} back={["/security", t("nav.security")]} badges={<StatusTag of={a} />} help={t("anomaly.help")}>
      {SLOWED.includes(a.state) && <Note tone="ask"><p>{t("anomaly.slowed", { client: a.client ?? orgName(a.organisation) })}</p></Note>}
      <div className="columns">
        <div className="wide">
          <section>
            <h2>{t("anomaly.why")}</h2>
            <div className="panel">
              <p>{tCode("rule", a.rule)}</p>
              <ul className="dimensions">
                <li><span>{t("anomaly.measured")}</span><Bar share={a.measured / most} tone="poor" /><span className="value">{num(a.measured)}</span></li>
                <li><span>{t("anomaly.threshold")}</span><Bar share={a.threshold / most} tone="fair" /><span className="value">{num(a.threshold)}</span></li>
              </ul>
            </div>
          </section>
          <Steps actions={a.actions} take={async (body) => client.setQueryData(ask.queryKey, await anomalyAct({ id }, body as Parameters<typeof anomalyAct>[1]))} />
          <Timeline events={a.history} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("flow.id"), a.id], [t("anomaly.client"), a.client], [t("anomaly.organisation"), orgName(a.organisation)], [t("anomaly.officer"), a.officer],
              [t("anomaly.subject"), a.subject && (can("journal.contents") ? <Link key="s" to={`/journal-explorer?subject=${encodeURIComponent(a.subject)}`}><code>{a.subject}</code></Link> : <code key="s">{a.subject}</code>)],
              [t("anomaly.entry"), a.entry !== null && <Link key="e" to={`/journal-explorer/${a.entry}`}>{num(a.entry)}</Link>],
              [t("anomaly.raised"), when(a.raised_at)], [t("anomaly.changed"), when(a.changed_at)],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
