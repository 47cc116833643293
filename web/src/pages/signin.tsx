// Signing in: with a passkey, or with account and password.
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { passkeysWork, signWithPasskey } from "../parts/passkey";
import { Note } from "../parts/status";
import { useSession } from "../session";
import account from "../text/account";
import approval from "../text/approval";
import { useText } from "../text";

/** Only a path of our own: an address in the link must not lead elsewhere. */
const wayBack = (next: string): string => (/^\/(?![/\\])/.test(next) ? next : "/");

export default function Signin() {
  const { t } = useText(account, approval);
  const { session, signIn, signInWith } = useSession();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const next = params.get("next");
  const changed = params.has("changed");
  // Who decides begins with what waits for them.
  if (session && !changed) return <Navigate to={next === null && session.duties.includes("approver") ? "/desk" : wayBack(next ?? "/")} replace />;
  return (
    <Page slim title={t("signin.title")} lead={t("signin.lead")} help={t("signin.help")}>
      {changed && <Note tone="fine" role="status"><p>{t("own.changed")}</p></Note>}
      {passkeysWork() && (
        <>
          <Form submit={t("signin.passkey")} act={() => signInWith(signWithPasskey)}><p className="quiet">{t("signin.passkey_how")}</p></Form>
          <h2>{t("signin.or")}</h2>
        </>
      )}
      <Form submit={t("signin.go")} act={async (value, form) => {
        await signIn(value("account"), new FormData(form).get("password") as string);
        await navigate(next === null ? "/signin" : wayBack(next), { replace: true });
      }}>
        <Field id="account" label={t("signin.account")} autoComplete="username" maxLength={64} autoCapitalize="none" />
        <Field id="password" label={t("signin.password")} type="password" autoComplete="current-password" maxLength={128} />
      </Form>
      <p className="quiet">{t("signin.subject")} <Link to="/me">{t("nav.me")}</Link></p>
    </Page>
  );
}
