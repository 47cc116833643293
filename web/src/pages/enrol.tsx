// Where a subject makes its passkey, with the one-time address that an officer gave after seeing who it is.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "react-router";
import { enrolmentFinish, enrolmentShowQuery, type Enrolment } from "#api";
import { DetailList } from "../parts/facts";
import { Form } from "../parts/form";
import { Page } from "../parts/page";
import { makePasskey, passkeysWork } from "../parts/passkey";
import { FailureNote, Note } from "../parts/status";
import consent from "../text/consent";
import { useText } from "../text";

function Make({ token, enrolment: e, made }: { token: string; enrolment: Enrolment; made(): void }) {
  const { t, tCode, when } = useText(consent);
  return (
    <>
      <p className="lead">{t("enrol.lead")}</p>
      <section className="panel">
        <DetailList rows={[
          [t("consent.subject_title"), e.subject_title], [t("consent.subject"), <code key="s">{e.subject}</code>], [t("consent.capacity"), tCode("capacity", e.capacity)],
          [t("enrol.by"), e.organisation_name], [t("enrol.until"), when(e.expires_at)],
        ]} />
      </section>
      {passkeysWork() ? (
        <Form submit={t("enrol.go")} act={async () => {
          await enrolmentFinish({ token }, await makePasskey(e.publicKey));
          made();
        }}>
          <p className="quiet">{t("enrol.how")}</p>
        </Form>
      ) : <Note tone="ask"><p>{t("passkey.unable")}</p></Note>}
    </>
  );
}

/** One address of it: another one after '#' begins anew. */
function EnrolOf({ token }: { token: string }) {
  const { t } = useText(consent);
  const [made, setMade] = useState(false);
  const { data, error } = useQuery({ ...enrolmentShowQuery({ token }), enabled: token !== "", staleTime: Infinity });
  return (
    <Page slim title={t("enrol.title")} help={t("enrol.help")}>
      {made ? <Note tone="fine" role="status"><p>{t("enrol.done")}</p></Note>
        : data ? <Make token={token} enrolment={data} made={() => { history.replaceState(null, "", "/enrol"); setMade(true); }} />
        : error ? <FailureNote error={error} />
        : !token && <p>{t("enrol.none")}</p>}
    </Page>
  );
}

export default function EnrolPage() {
  const token = decodeURIComponent(useLocation().hash.slice(1));
  return <EnrolOf key={token} token={token} />;
}
