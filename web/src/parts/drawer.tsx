// A panel at the side of the screen: the browser's own dialog keeps the focus inside and closes at Escape.
import { useEffect, useRef, type ReactNode } from "react";
import { useText } from "../text";
import { Icon } from "./icon";

interface Props {
  open: boolean;
  title: string;
  side?: "start" | "end";
  onClose(): void;
  children: ReactNode;
}

export function Drawer({ open, title, side = "end", onClose, children }: Props) {
  const { t } = useText();
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  return (
    <dialog ref={dialog} className={`drawer ${side}`} aria-label={title} onClose={onClose}
      onClick={(e) => e.target === dialog.current && onClose()}>
      {open && (
        <div className="drawer-body">
          <header><strong>{title}</strong><button type="button" className="round" aria-label={t("nav.close")} onClick={onClose}><Icon name="close" /></button></header>
          {children}
        </div>
      )}
    </dialog>
  );
}
