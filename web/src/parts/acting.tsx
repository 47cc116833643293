// For which firm one is here: the firm that signed in itself, or one that delegates its financing to the person who did. Who acts sees to financings; consents
// stay the firm's own.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { meFirmsQuery, type Delegation, type Me } from "#api";
import { actFor } from "#send";
import financing from "../text/financing";
import models from "../text/models";
import { useText } from "../text";
import { Empty, FailureNote, Note } from "./status";

const OWN = /^\/financing(\/|$)/;
const FIRMS = /^me\.(enterprise|financing)/;

let chosen: Delegation | null = null;

/** Not the firm itself but who acts for it. */
export const isActing = (): boolean => chosen !== null;

/** With the sign-in it ends, too. */
export function endActing(): void {
  chosen = null;
  actFor(null);
}

function resume(): Delegation | null {
  if (chosen) actFor(chosen.id); // before anything is asked
  return chosen;
}

function useFirm(): [Delegation | null, (d: Delegation | null) => void] {
  const client = useQueryClient();
  const [firm, setFirm] = useState(resume);
  const become = (next: Delegation | null): void => {
    chosen = next;
    actFor(next?.id ?? null);
    client.removeQueries({ predicate: (q) => FIRMS.test(String(q.queryKey[0])) });
  };
  useEffect(() => () => {
    if (chosen && !OWN.test(location.pathname)) become(null);
  }, []);
  return [firm, (next) => { become(next); setFirm(next); }];
}

function Choose({ choose }: { choose(d: Delegation): void }) {
  const { t } = useText(financing, models);
  const { data, error } = useQuery({ ...meFirmsQuery(), retry: false });
  if (error) return <FailureNote error={error} />;
  if (!data) return <p className="quiet loading" role="status">{t("status.loading")}</p>;
  const firms = data.items.filter((d) => d.acts && d.scopes.some((s) => s.scope === "financing"));
  if (!firms.length) return <Empty text={t("fin.firms_only")} />;
  return <ul className="cards">{firms.map((d) => <li key={d.id}><div className="card"><h2>{d.title}</h2><p className="provider">{d.subject}</p><p className="buttons"><button type="button" onClick={() => choose(d)}>{t("acting.open")}</button></p></div></li>)}</ul>;
}

/** frame: the page around the choice, where there is one to be made. */
export function ForFirm({ me, frame, children }: { me: Me | undefined; frame(inner: ReactNode): ReactNode; children(note: ReactNode): ReactNode }) {
  const { t } = useText(models);
  const [firm, choose] = useFirm();
  if (!me) return null;
  if (me.scheme === "uscc") return children(null);
  if (!firm) return frame(<Choose choose={choose} />);
  return children(<Note tone="ask"><p>{t("acting.now", { firm: firm.title ?? "" })}</p><p className="buttons"><button type="button" className="plain small" onClick={() => choose(null)}>{t("acting.leave")}</button></p></Note>);
}
