// Signing in.
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { useSession } from "../session";
import account from "../text/account";
import { useText } from "../text";

/** Only a path of our own: an address in the link must not lead elsewhere. */
const wayBack = (next: string): string => (/^\/(?![/\\])/.test(next) ? next : "/");

export default function Signin() {
  const { t } = useText(account);
  const { session, signIn } = useSession();
  const navigate = useNavigate();
  const to = wayBack(useSearchParams()[0].get("next") ?? "/");
  if (session) return <Navigate to={to} replace />;
  return (
    <Page slim title={t("signin.title")} lead={t("signin.lead")} help={t("signin.help")}>
      <Form submit={t("signin.go")} act={async (value, form) => {
        await signIn(value("account"), new FormData(form).get("password") as string);
        await navigate(to, { replace: true });
      }}>
        <Field id="account" label={t("signin.account")} autoComplete="username" maxLength={64} autoCapitalize="none" />
        <Field id="password" label={t("signin.password")} type="password" autoComplete="current-password" maxLength={128} />
      </Form>
      <p className="quiet">{t("signin.subject")} <Link to="/me">{t("nav.me")}</Link></p>
    </Page>
  );
}
