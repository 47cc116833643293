// One complaint at the desk: what was told, what was answered, what happened, and what may be done; how to reach who complains at a press, which the journal has.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { complaintAct, complaintContact, complaintShowQuery, type Complaint, type ComplaintContact } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { Said, useWhom } from "../parts/complaint";
import { Deadline } from "../parts/deadline";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { Form } from "../parts/form";
import { Page } from "../parts/page";
import { FailureNote } from "../parts/status";
import { useSession } from "../session";
import complaint from "../text/complaint";
import { useText } from "../text";

function Contact({ of: c }: { of: Complaint }) {
  const { t } = useText(complaint);
  const [told, setTold] = useState<ComplaintContact | null>(null);
  return (
    <section>
      <h2>{t("cpl.contact")}</h2>
      {!c.open ? <p className="quiet">{t("cpl.contact_gone")}</p>
        : told ? <DetailList rows={[[t("cpl.name"), told.name], [t("cpl.phone"), <a key="p" href={`tel:${told.phone}`}>{told.phone}</a>]]} />
          : <Form submit={t("cpl.contact_show")} act={async () => setTold(await complaintContact({ id: c.id }))}><p className="quiet">{t("cpl.contact_note")}</p></Form>}
    </section>
  );
}

function Whole({ of: c }: { of: Complaint }) {
  const { t, tCode, pick, day } = useText(complaint);
  const { can } = useSession();
  const client = useQueryClient();
  return (
    <div className="columns">
      <div className="wide">
        <section><h2>{t("cpl.told")}</h2><p className="panel prewrap">{c.text}</p></section>
        <Said title={t("cpl.wish_short")} text={c.wish} />
        {can("complaint.act") && <Steps actions={c.actions} take={async (body) => client.setQueryData(complaintShowQuery({ id: c.id }).queryKey, await complaintAct({ id: c.id }, body))} />}
        <Said title={t("cpl.answer")} text={c.answer} />
        <Said title={t("cpl.mediation")} text={c.mediation} />
        <Said title={t("cpl.refusal")} text={c.refusal} />
        <Timeline events={c.history} />
      </div>
      <div className="narrow">
        <section>
          <DetailList rows={[
            [t("cpl.number"), <code key="id">{c.id}</code>], [t("cpl.product"), pick(c.product_title, c.product_title_en)], [t("cpl.case"), c.loan_case],
            [t("cpl.by"), t(c.signed_in ? "cpl.by_signed" : "cpl.by_code")], [t("cpl.received"), day(c.created_at)],
            [t("cpl.due"), c.due_at && <span key="due">{day(c.due_at)} <Deadline due={c.due_at} /></span>],
            [t("cpl.rating"), c.rating && `${tCode("cplstar", String(c.rating))}${c.rating_words ? ` · ${c.rating_words}` : ""}`],
          ]} />
        </section>
        {can("complaint.contact") && <Contact of={c} />}
      </div>
    </div>
  );
}

export default function ComplaintPage() {
  const id = useParams()["id"]!;
  const { t, pick } = useText(complaint);
  const whom = useWhom();
  const { data: c, error } = useQuery({ ...complaintShowQuery({ id }), retry: false });
  return (
    <Page title={c ? `${whom(c)} · ${pick(c.kind_title, c.kind_title_en)}` : t("cpl.desk")} back={["/complaints", t("cpl.desk")]} badges={c && <><StatusTag of={c} />{c.late && <Badge tone="poor">{t("cpl.late")}</Badge>}</>} help={t("cpl.desk_help")}>
      {error && <FailureNote error={error} />}
      {c && <Whole key={c.id} of={c} />}
    </Page>
  );
}
