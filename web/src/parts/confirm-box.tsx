// The question of ConfirmDanger.
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { useText } from "../text";
import { FailureNote } from "./status";

interface Props {
  text: string;
  title: string;
  what: ReactNode;
  act(): Promise<unknown>;
  onClose(): void;
}

/** The browser's own dialog: a library's would lock the scrolling with a style element, which the page's policy refuses. */
export default function ConfirmBox({ text, title, what, act, onClose }: Props) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const box = useRef<HTMLDialogElement>(null);
  const no = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!box.current?.open) box.current?.showModal();
    no.current?.focus(); // opening it focuses its first button, which is the dangerous one
  }, []);

  async function go(): Promise<void> {
    setBusy(true);
    try {
      await act();
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  }

  return (
    <dialog className="ask" ref={box} aria-labelledby={id} onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <h2 id={id}>{title}</h2>
      <div>{what}</div>
      {problem ? <FailureNote error={problem} /> : null}
      <p className="buttons">
        <button type="button" className="danger confirm-yes" disabled={busy} aria-busy={busy} onClick={() => void go()}>{text}</button>
        <button type="button" className="plain" ref={no} onClick={onClose}>{t("confirm.no")}</button>
      </p>
    </dialog>
  );
}
