// Looks that are kept from their subject by law: what for, until when, who proposed it, and the second person's word.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { delayAct, delayShowQuery } from "#api";
import { StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import security from "../text/security";
import share from "../text/share";
import { useText } from "../text";

export default function DelayPage() {
  const id = useParams()["id"]!;
  const { t, day, when } = useText(security, share);
  const client = useQueryClient();
  const ask = delayShowQuery({ id });
  const { data: d } = useSuspenseQuery(ask);
  const { orgName } = useNames();
  return (
    <Page title={d.matter} lead={d.reason} back={["/security", t("nav.security")]} badges={<StatusTag of={d} />} help={t("delay.help")}>
      <div className="columns">
        <div className="wide">
          <Steps actions={d.actions} take={async (body) => client.setQueryData(ask.queryKey, await delayAct({ id }, body as Parameters<typeof delayAct>[1]))} />
          <Timeline events={d.history} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("flow.id"), d.id], [t("delay.organisation"), orgName(d.organisation)], [t("delay.pseudonym"), <code key="s">{d.subject}</code>], [t("flow.basis"), d.legal_basis],
              [t("delay.from"), d.from_at && when(d.from_at)], [t("delay.until"), day(d.until_at)], [t("delay.made"), when(d.made_at)],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
