// One grant: what it allows, and suspending, resuming, revoking, renewing it.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { grantAct, grantShowQuery } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { Field } from "../parts/form";
import { MadeServices } from "../parts/made";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import share from "../text/share";
import { useText } from "../text";

export default function GrantPage() {
  const id = useParams()["id"]!;
  const { t, tCode, num, day, listed } = useText(share);
  const client = useQueryClient();
  const ask = grantShowQuery({ id });
  const { data: g } = useSuspenseQuery(ask);
  const { orgName, resourceTitle, itemTitle } = useNames([g.resource]);
  return (
    <Page title={resourceTitle(g.resource)} lead={g.purpose} back={["/grants", t("nav.grants")]} help={t("grant.help")}
      badges={<><StatusTag of={g} />{g.consent && <Badge>{t("apply.consent")}</Badge>}</>}>
      <div className="columns">
        <div className="wide">
          <Steps actions={g.actions} take={async (body) => client.setQueryData(ask.queryKey, await grantAct({ id }, body as Parameters<typeof grantAct>[1]))}
            extras={{ renew: <Field id="until" label={t("apply.until")} type="date" /> }} />
          <section>
            <h2>{t("apply.items")}</h2>
            <p className="badges">{g.items.map((i) => <Badge key={i.item} tone={i.plain ? "fair" : ""}>{itemTitle(g.resource, i.item)}{i.plain && t("apply.plain_after")}</Badge>)}</p>
          </section>
          <MadeServices grant={g} />
          <Timeline events={g.history} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("flow.id"), g.id], [t("grant.holder"), orgName(g.organisation)], [t("apply.provider"), orgName(g.provider)],
              [t("flow.resource"), <Link key="r" to={`/resources/${encodeURIComponent(g.resource)}`}>{resourceTitle(g.resource)}</Link>],
              [t("grant.application"), g.application && <Link to={`/applications/${encodeURIComponent(g.application)}`}>{g.application}</Link>],
              [t("flow.scenario"), g.scenario], [t("flow.basis"), g.legal_basis], [t("apply.modes"), listed(g.modes.map((m) => tCode("use", m)))],
              [t("apply.per_day"), g.per_day && num(g.per_day)], [t("apply.per_second"), g.per_second && num(g.per_second)], [t("apply.total"), g.total && num(g.total)],
              [t("apply.networks"), listed(g.networks)], [t("apply.period"), `${day(g.from)} – ${day(g.until)}`],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
