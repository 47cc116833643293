// One doubt: what is doubted, what its source says, what happened and what may be done.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { objectionAct, objectionShowQuery } from "#api";
import { StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import share from "../text/share";
import { useText } from "../text";

export default function ObjectionPage() {
  const id = useParams()["id"]!;
  const { t, day } = useText(share);
  const client = useQueryClient();
  const ask = objectionShowQuery({ id });
  const { data: o } = useSuspenseQuery(ask);
  const { orgName, resourceTitle, itemTitle } = useNames([o.resource]);
  return (
    <Page title={resourceTitle(o.resource)} lead={o.doubt} back={["/objections", t("nav.objections")]} badges={<StatusTag of={o} />} help={t("doubt.help")}>
      <div className="columns">
        <div className="wide">
          <Steps actions={o.actions} take={async (body) => client.setQueryData(ask.queryKey, await objectionAct({ id }, body as Parameters<typeof objectionAct>[1]))} />
          {o.answer && <section><h2>{t("doubt.answer")}</h2><p className="panel">{o.answer}</p></section>}
          <Timeline events={o.history} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("flow.id"), o.id], [t("doubt.by"), o.organisation ? orgName(o.organisation) : t("doubt.by_subject", { name: o.subject_title ?? "", id: o.subject ?? "" })], [t("apply.provider"), orgName(o.provider)],
              [t("flow.resource"), <Link key="r" to={`/resources/${encodeURIComponent(o.resource)}`}>{resourceTitle(o.resource)}</Link>],
              [t("doubt.record"), o.record], [t("doubt.item"), o.item && o.item.split(" ").map((i) => itemTitle(o.resource, i)).join(t("doubt.and"))],
              [t("flow.due"), o.due_at && day(o.due_at)], [t("doubt.decided"), o.decided_at && day(o.decided_at)],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
