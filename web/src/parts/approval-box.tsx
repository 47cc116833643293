// The question of Approvals: the text as the server wrote it, and the passkey's signature under it.
import { useEffect, useRef } from "react";
import { approvalSign } from "#api";
import type { Approval } from "#send";
import approval from "../text/approval";
import { useText } from "../text";
import { Form } from "./form";
import { signWithPasskey } from "./passkey";
import { Told } from "./status";

interface Props {
  wanted: Approval;
  onDone(): void;
  onGiveUp(why: unknown): void;
}

export default function ApprovalBox({ wanted, onDone, onGiveUp }: Props) {
  const { t, when } = useText(approval);
  const box = useRef<HTMLDialogElement>(null);
  const giveUp = (): void => onGiveUp(new Told(t("approval.given_up")));

  useEffect(() => {
    if (!box.current?.open) box.current?.showModal();
  }, []);

  async function sign(): Promise<void> {
    await approvalSign({ id: wanted.id }, await signWithPasskey(wanted.publicKey));
    onDone();
  }

  return (
    <dialog className="approval" ref={box} aria-labelledby="approval-title" onCancel={(e) => { e.preventDefault(); giveUp(); }}>
      <h2 id="approval-title">{t("approval.title")}</h2>
      <p className="quiet">{t("approval.lead", { until: when(wanted.expires_at) })}</p>
      <pre className="letter" tabIndex={0} role="region" aria-label={t("approval.title")}>{wanted.text}</pre>
      <Form submit={t("approval.go")} act={sign} more={<button type="button" className="plain" onClick={giveUp}>{t("approval.no")}</button>} />
    </dialog>
  );
}
