// Choosing a password with an invitation.  The token stands after '#', which no server and no log sees.
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { invitationAccept } from "#api";
import { Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { Note, Told } from "../parts/status";
import account from "../text/account";
import { useText } from "../text";

const SHORTEST = 10;
const LONGEST = 128;

function InvitationOf({ token }: { token: string }) {
  const { t } = useText(account);
  const [done, setDone] = useState(false);
  if (!token) return <Page slim title={t("invitation.title")}><p>{t("invitation.none")}</p></Page>;
  const secret = { type: "password", autoComplete: "new-password", minLength: SHORTEST, maxLength: LONGEST };
  return (
    <Page slim title={t("invitation.title")} lead={t("invitation.lead")}>
      {done ? <Note tone="fine" role="status"><p>{t("invitation.done")} <Link to="/signin">{t("signin.title")}</Link></p></Note> : (
        <Form submit={t("invitation.go")} act={async (_, form) => {
          const data = new FormData(form);
          if (data.get("new") !== data.get("again")) throw new Told(t("invitation.differ"));
          await invitationAccept({ token, password: data.get("new") as string });
          history.replaceState(null, "", "/invitation"); // the link is used up; it need not stay in the history
          setDone(true);
        }}>
          <Field id="new" label={t("invitation.password")} hint={t("invitation.hint")} {...secret} />
          <Field id="again" label={t("invitation.again")} {...secret} />
        </Form>
      )}
    </Page>
  );
}

export default function InvitationPage() {
  const token = useLocation().hash.slice(1);
  return <InvitationOf key={token} token={token} />;
}
