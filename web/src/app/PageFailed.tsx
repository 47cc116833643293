// A page that failed: told in words, with what to do.  Who is not signed in is led to the sign-in and back.
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useLocation, useNavigate, useRevalidator, useRouteError } from "react-router";
import { ApiFailure } from "#send";
import { Page } from "../parts/page";
import { FailureNote } from "../parts/status";
import { useSession } from "../session";
import { useText } from "../text";

export function PageFailed() {
  const error = useRouteError();
  const { t } = useText();
  const { forget } = useSession();
  const { reset } = useQueryErrorResetBoundary();
  const navigate = useNavigate();
  const revalidator = useRevalidator();
  const { pathname, search } = useLocation();
  const signedOut = error instanceof ApiFailure && error.failure.status === 401 && pathname !== "/signin";

  useEffect(() => {
    reset();
    if (!signedOut) return;
    forget();
    void navigate(`/signin?next=${encodeURIComponent(pathname + search)}`, { replace: true });
  }, [error]);

  if (signedOut) return null;
  return (
    <Page title={t("status.failed")}>
      <FailureNote error={error} />
      <p className="buttons">
        <button type="button" className="plain" onClick={() => void revalidator.revalidate()}>{t("status.again")}</button>
        <Link to="/">{t("missing.home")}</Link>
      </p>
    </Page>
  );
}
