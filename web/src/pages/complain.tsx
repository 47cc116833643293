// Anybody complains here, on a phone and without an account, and follows it by number and code.  Neither stands in an address.
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { complaintAdd, complaintFollow, complaintFollowAct, type ComplaintMade, type ComplaintOwn } from "#api";
import { OwnComplaint } from "../parts/complaint";
import { ComplaintForm } from "../parts/complaint-form";
import { Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { Note } from "../parts/status";
import { Tabs } from "../parts/tabs";
import complaint from "../text/complaint";
import { useText } from "../text";

interface Key {
  id: string;
  code: string;
}

function Made({ made, see }: { made: ComplaintMade; see(): void }) {
  const { t } = useText(complaint);
  const [copied, setCopied] = useState(false);
  return (
    <section className="panel" aria-live="polite">
      <h2>{t("cpl.made")}</h2>
      <dl className="figures big">
        <div><dt>{t("cpl.number")}</dt><dd><code className="breaks" id="made-number">{made.id}</code></dd></div>
        <div><dt>{t("cpl.code")}</dt><dd><code className="breaks" id="made-code">{made.code}</code></dd></div>
      </dl>
      <Note tone="ask"><p>{t("cpl.keep")}</p></Note>
      <p className="buttons">
        <button type="button" className="plain" onClick={() => void navigator.clipboard.writeText(`${made.id} ${made.code}`).then(() => setCopied(true))}>{t(copied ? "cpl.copied" : "cpl.copy")}</button>
        <button type="button" className="primary" onClick={see}>{t("cpl.see")}</button>
      </p>
    </section>
  );
}

function Follow({ known }: { known: (Key & { complaint: ComplaintOwn }) | null }) {
  const { t } = useText(complaint);
  const [key, setKey] = useState<Key | null>(known);
  const [seen, setSeen] = useState<ComplaintOwn | null>(known?.complaint ?? null);
  if (seen && key)
    return (
      <>
        <OwnComplaint of={seen} take={async (body) => setSeen(await complaintFollowAct({ ...key, ...body }))} />
        <p className="buttons"><button type="button" className="plain" onClick={() => setSeen(null)}>{t("cpl.again")}</button></p>
      </>
    );
  return (
    <Form submit={t("cpl.look")} act={async (value) => {
      const asked = { id: value("number"), code: value("code") };
      setSeen(await complaintFollow(asked));
      setKey(asked);
    }}>
      <Field id="number" label={t("cpl.number")} maxLength={31} autoComplete="off" autoCapitalize="none" />
      <Field id="code" label={t("cpl.code")} hint={t("cpl.code_hint")} maxLength={24} autoComplete="off" />
    </Form>
  );
}

export default function ComplainPage() {
  const { t } = useText(complaint);
  const [params] = useSearchParams();
  const [tab, setTab] = useState("new");
  const [made, setMade] = useState<ComplaintMade | null>(null);
  return (
    <Page title={t("cpl.title")} lead={t("cpl.lead")} help={t("cpl.help")} slim>
      <Tabs label={t("cpl.tabs")} current={tab} choose={setTab} tabs={[{ id: "new", text: t("cpl.new") }, { id: "follow", text: t("cpl.follow") }]}>
        {tab === "follow" ? <Follow known={made?.code ? { id: made.id, code: made.code, complaint: made.complaint } : null} />
          : made ? <Made made={made} see={() => setTab("follow")} />
            : <>
                <ComplaintForm institution={params.get("institution") ?? undefined} product={params.get("product") ?? undefined} made={setMade} send={({ loan_case: _, ...body }) => complaintAdd(body)} />
                <p className="quiet">{t("cpl.passkey")}: <Link to="/me#complaints">{t("cpl.to_me")}</Link></p>
              </>}
      </Tabs>
    </Page>
  );
}
