// Other portals to which the subject signed in with its passkey of this platform: how often, when last, what they know of it.
import { useQuery } from "@tanstack/react-query";
import { mePortalsQuery } from "#api";
import portal from "../text/portal";
import { useText } from "../text";
import { useNames } from "./names";
import { FailureNote } from "./status";

export function MyPortals() {
  const { t, tCode, num, when, listed } = useText(portal);
  const { orgName } = useNames();
  const { data, error } = useQuery(mePortalsQuery());
  if (error) return <FailureNote error={error} />;
  if (!data) return null;
  return (
    <section className="panel spaced" aria-label={t("portals.title")}>
      <h2>{t("portals.title")}</h2>
      {data.items.length ? (
        <ul className="findings told">{data.items.map((p) => (
          <li key={`${p.organisation} ${p.portal}`}>
            <p><strong>{p.portal}</strong> <span className="quiet">{orgName(p.organisation)}</span></p>
            <p className="quiet">{t("portals.line", { times: num(p.times), at: when(p.last_at), scopes: listed(p.scopes.split(" ").map((s) => tCode("scope", s))) })}</p>
          </li>
        ))}</ul>
      ) : <p>{t("portals.none")}</p>}
    </section>
  );
}
