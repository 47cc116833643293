// An account's beginning, with its invitation: a passkey on this device, or a password.  The token stands after '#', which no server and
// no log sees.
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { invitationAccept, invitationPasskey, invitationPasskeyOptions } from "#api";
import { Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { makePasskey, passkeysWork } from "../parts/passkey";
import { Note, Told } from "../parts/status";
import account from "../text/account";
import approval from "../text/approval";
import { useText } from "../text";

const SHORTEST = 10;
const LONGEST = 128;
const NAME_MAX = 64;

type Done = "passkey" | "password";

function ByPasskey({ token, done }: { token: string; done(how: Done): void }) {
  const { t } = useText(account, approval);
  return (
    <Form submit={t("invitation.passkey_go")} act={async (value) => {
      const { publicKey } = await invitationPasskeyOptions({ token });
      await invitationPasskey({ ...(await makePasskey(publicKey)), token, name: value("key-name") });
      done("passkey");
    }}>
      <p className="quiet">{t("invitation.passkey_how")}</p>
      <Field id="key-name" label={t("own.name")} hint={t("own.name_hint")} maxLength={NAME_MAX} autoComplete="off" />
    </Form>
  );
}

function ByPassword({ token, done }: { token: string; done(how: Done): void }) {
  const { t } = useText(account);
  const secret = { type: "password", autoComplete: "new-password", minLength: SHORTEST, maxLength: LONGEST };
  return (
    <Form submit={t("invitation.go")} act={async (_, form) => {
      const data = new FormData(form);
      if (data.get("new") !== data.get("again")) throw new Told(t("invitation.differ"));
      await invitationAccept({ token, password: data.get("new") as string });
      done("password");
    }}>
      <Field id="new" label={t("invitation.password")} hint={t("invitation.hint")} {...secret} />
      <Field id="again" label={t("invitation.again")} {...secret} />
    </Form>
  );
}

function InvitationOf({ token }: { token: string }) {
  const { t } = useText(account);
  const [how, setHow] = useState<Done | null>(null);
  const done = (by: Done): void => {
    history.replaceState(null, "", "/invitation"); // the link is used up; it need not stay in the history
    setHow(by);
  };
  if (!token && !how) return <Page slim title={t("invitation.title")} help={t("invitation.help")}><p>{t("invitation.incomplete")}</p></Page>;
  return (
    <Page slim title={t("invitation.title")} lead={t("invitation.lead")} help={t("invitation.help")}>
      {how ? <Note tone="fine" role="status"><p>{t(how === "passkey" ? "invitation.done_passkey" : "invitation.done")} <Link to="/signin">{t("signin.title")}</Link></p></Note> : (
        <>
          {passkeysWork() && <section><h2>{t("invitation.by_passkey")}</h2><ByPasskey token={token} done={done} /></section>}
          <section><h2>{t("invitation.by_password")}</h2><ByPassword token={token} done={done} /></section>
        </>
      )}
    </Page>
  );
}

export default function InvitationPage() {
  const token = useLocation().hash.slice(1);
  return <InvitationOf key={token} token={token} />;
}
