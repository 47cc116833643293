// The enterprises that a person may act for: an invitation taken, one of them chosen to act for, a delegation given up.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation } from "react-router";
import { meDelegationEnd, meFirmsQuery, meFirmTake, type Delegation } from "#api";
import { actFor } from "#send";
import models from "../text/models";
import { useText } from "../text";
import { Badge } from "./badges";
import { ConfirmDanger } from "./confirm";
import { Field, Form } from "./form";
import { MyEnterprise } from "./me-enterprise";
import { MyPrechecks } from "./me-prechecks";
import { MyPolicies } from "./me-policies";
import { MyProducts } from "./me-products";
import { useRefresh } from "./refresh";
import { invitedBy } from "./invited";
import { FailureNote, Note } from "./status";

/** What is asked for in the firm's name. */
const FIRMS = /^me\.(enterprise|products|policies|prechecks|financing)/;

function Take() {
  const { t } = useText(models);
  const refresh = useRefresh();
  const code = invitedBy(useLocation().hash) ?? "";
  const [taken, setTaken] = useState<Delegation | null>(null);
  if (taken) return <Note tone={taken.state === "mismatched" ? "bad" : "fine"} role="status"><p>{t(taken.state === "mismatched" ? "acting.mismatch" : taken.kind === "staff" ? "acting.taken" : "acting.named")}</p></Note>;
  return (
    <Form submit={t("acting.take")} act={async (value) => {
      setTaken(await meFirmTake({ code: value("firm-code") }));
      await refresh();
    }}>
      <Field id="firm-code" label={t("acting.code")} defaultValue={code} maxLength={100} autoComplete="off" spellCheck={false} />
    </Form>
  );
}

/** While it is shown, what is asked of a firm is asked of this one. */
function Acting({ firm: d, leave }: { firm: Delegation; leave(): void }) {
  const { t } = useText(models);
  const client = useQueryClient();
  const has = (scope: string): boolean => d.scopes.some((s) => s.scope === scope);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const forget = (): void => client.removeQueries({ predicate: (q) => FIRMS.test(String(q.queryKey[0])) });
    forget();
    actFor(d.id);
    setReady(true);
    return () => {
      actFor(null);
      forget();
    };
  }, [d.id]);
  return (
    <section>
      <Note tone="ask"><p>{t("acting.now", { firm: d.title ?? "" })}</p><p className="buttons"><button type="button" className="plain" onClick={leave}>{t("acting.leave")}</button></p></Note>
      {ready && has("profile") && <MyEnterprise acting />}
      {ready && has("financing") && <><p className="buttons"><Link className="button" to="/financing">{t("acting.financing")}</Link></p><MyProducts /><MyPolicies /></>}
      {ready && has("precheck") && <MyPrechecks />}
    </section>
  );
}

export function MyFirms() {
  const { t, pick, day, listed } = useText(models);
  const refresh = useRefresh();
  const { data, error } = useQuery({ ...meFirmsQuery(), retry: false });
  const [chosen, choose] = useState<Delegation | null>(null);
  if (error) return <FailureNote error={error} />;
  if (!data) return null;
  if (chosen) return <Acting firm={chosen} leave={() => choose(null)} />;
  const staff = data.items.filter((d) => d.kind === "staff");
  return (
    <>
      <p className="quiet">{staff.length ? t("acting.lead") : t("acting.none")}</p>
      <ul className="cards">
        {staff.map((d) => (
          <li key={d.id}>
            <div className="card">
              <h3>{d.title}</h3>
              <p className="provider">{d.subject} · {t("staff.until")} {day(d.until)}</p>
              <p>{listed(d.scopes.map((s) => pick(s.title, s.title_en)))}</p>
              <p><Badge tone="good">{pick(d.state_title, d.state_title_en)}</Badge></p>
              <p className="buttons">
                <button type="button" onClick={() => choose(d)}>{t("acting.open")}</button>
                <ConfirmDanger className="plain" text={t("acting.give_up")} title={t("acting.give_up_ask", { firm: d.title ?? "" })} what={t("acting.give_up_what")} act={async () => {
                  await meDelegationEnd({ id: d.id });
                  await refresh();
                }} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      <Take />
    </>
  );
}
