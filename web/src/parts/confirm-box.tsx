// The question of ConfirmDanger.
import { Modal } from "antd";
import { useState, type ReactNode } from "react";
import { Antd } from "../app/Antd";
import { useText } from "../text";
import { FailureNote } from "./status";

interface Props {
  text: string;
  title: string;
  what: ReactNode;
  act(): Promise<unknown>;
  onClose(): void;
}

export default function ConfirmBox({ text, title, what, act, onClose }: Props) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

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
    <Antd>
      <Modal open title={title} okText={text} cancelText={t("confirm.no")} okButtonProps={{ danger: true, className: "confirm-yes" }} confirmLoading={busy}
        onOk={() => void go()} onCancel={onClose}>
        <div>{what}</div>
        {problem ? <FailureNote error={problem} /> : null}
      </Modal>
    </Antd>
  );
}
