// Takes a decision about linked records back, with a reason; what was built on it must be taken back first, and the server says so.
import { useState } from "react";
import { linkActUndo } from "#api";
import linkage from "../text/linkage";
import { useText } from "../text";
import { Field, Form } from "./form";
import { useRefresh } from "./refresh";

export function Undo({ act }: { act: number }) {
  const { t } = useText(linkage);
  const refresh = useRefresh();
  const [open, setOpen] = useState(false);
  if (!open) return <button type="button" className="plain" onClick={() => setOpen(true)}>{t("act.undo")}</button>;
  return (
    <Form submit={t("act.undo")} act={async (value) => {
      await linkActUndo({ id: act }, { reason: value(`undo-${act}`) });
      setOpen(false);
      await refresh();
    }} more={<button type="button" className="plain" onClick={() => setOpen(false)}>{t("confirm.no")}</button>}>
      <Field id={`undo-${act}`} label={t("act.reason")} maxLength={400} autoComplete="off" />
    </Form>
  );
}
