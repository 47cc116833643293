// Acts of consequence are confirmed with a passkey, one by one: what the server wants confirmed (send.ts) is asked here, over any page.
import { lazy, Suspense, useEffect, useState } from "react";
import { onApproval, type Approval } from "#send";

const Ask = lazy(() => import("./approval-box"));

interface Waiting {
  wanted: Approval;
  done(): void;
  giveUp(why: unknown): void;
}

export function Approvals() {
  const [waiting, setWaiting] = useState<Waiting[]>([]);
  useEffect(() => onApproval((wanted) => new Promise<void>((resolve, reject) => {
    const next = (): void => setWaiting((all) => all.filter((one) => one.wanted !== wanted));
    const one: Waiting = { wanted, done: () => (next(), resolve()), giveUp: (why) => (next(), reject(why as Error)) };
    setWaiting((all) => [...all, one]);
  })), []);
  const first = waiting[0];
  return first && <Suspense><Ask key={first.wanted.id} wanted={first.wanted} onDone={first.done} onGiveUp={first.giveUp} /></Suspense>;
}
