// One entry of a list: the document that decided it, what happened, and what may be done: put on, dropped, taken off.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { creditEntryAct, creditEntryShowQuery } from "#api";
import { StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import lists from "../text/lists";
import { useText } from "../text";

export default function ListEntry() {
  const id = useParams()["id"]!;
  const { t, pick, day } = useText(lists);
  const client = useQueryClient();
  const ask = creditEntryShowQuery({ id });
  const { data: e } = useSuspenseQuery(ask);
  const { orgName } = useNames();
  return (
    <Page title={e.subject_title} lead={pick(e.list_title, e.list_title_en)} back={["/lists", t("nav.lists")]} badges={<StatusTag of={e} />} help={t("lists.help")}>
      <div className="columns">
        <div className="wide">
          <Steps actions={e.actions} take={async (body) => client.setQueryData(ask.queryKey, await creditEntryAct({ id }, body))} />
          {e.answer && <section><h2>{t("lists.answer")}</h2><p className="panel">{e.answer}</p></section>}
          <section><h2>{t("lists.reason")}</h2><p className="panel">{e.reason}</p></section>
          <Timeline events={e.history} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("lists.about")}</h2>
            <DetailList rows={[
              [t("lists.id"), e.id], [t("lists.list"), pick(e.list_title, e.list_title_en)], [t("lists.subject"), `${e.subject_title} (${e.subject})`], [t("lists.provider"), orgName(e.provider)],
              [t("lists.document"), e.document], [t("lists.basis"), e.legal_basis], [t("lists.decided"), day(e.decided_on)], [t("lists.until"), e.until && day(e.until)], [t("lists.exit_basis"), e.exit_basis],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
