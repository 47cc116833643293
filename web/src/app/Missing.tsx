// An address that names no page.
import { Link } from "react-router";
import { Page } from "../parts/page";
import { useText } from "../text";

export function Missing() {
  const { t } = useText();
  return (
    <Page title={t("missing.title")}>
      <p>{t("missing.text")}</p>
      <p><Link to="/">{t("missing.home")}</Link></p>
    </Page>
  );
}
