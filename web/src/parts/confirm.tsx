// Before what cannot be taken back: says what will happen and asks.
import { lazy, Suspense, useState, type ReactNode } from "react";

/** The question by itself, where what is asked about comes from a form. */
export const Ask = lazy(() => import("./confirm-box"));

interface Props {
  /** What the button says. */
  text: string;
  /** The question, and what will happen. */
  title: string;
  what: ReactNode;
  act(): Promise<unknown>;
  className?: string;
}

export function ConfirmDanger({ text, title, what, act, className = "plain" }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={className} onClick={() => setOpen(true)}>{text}</button>
      {open && <Suspense><Ask text={text} title={title} what={what} act={act} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
