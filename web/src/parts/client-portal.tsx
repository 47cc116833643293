// Where a system that is a portal is returned to after subjects signed in for it (/authorize).
import { useState } from "react";
import { clientPortal, clientPortalSet } from "#api";
import portal from "../text/portal";
import { useText } from "../text";
import { Area, Field, Form } from "./form";
import { Note } from "./status";

export function ClientPortals() {
  const { t, listed } = useText(portal);
  const [told, tell] = useState<{ id: string; uris: string[] } | null>(null);
  return (
    <details>
      <summary>{t("uris.title")}</summary>
      <p className="quiet">{t("uris.what")}</p>
      <Form submit={t("uris.set")} act={async (value) => {
        const id = value("portal-id"), uris = value("portal-uris").split(/\s+/).filter(Boolean);
        tell({ id, uris: (await (uris.length ? clientPortalSet({ id }, { redirect_uris: uris }) : clientPortal({ id }))).redirect_uris });
      }}>
        <Field id="portal-id" label={t("uris.client")} maxLength={64} autoComplete="off" />
        <Area id="portal-uris" label={t("uris.uris")} hint={t("uris.hint")} required={false} maxLength={4200} />
      </Form>
      {told && <Note tone="fine" role="status"><p>{told.uris.length ? t("uris.now", { id: told.id, uris: listed(told.uris) }) : t("uris.none", { id: told.id })}</p></Note>}
    </details>
  );
}
