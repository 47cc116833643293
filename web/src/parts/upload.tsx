// Where a file is chosen or dropped; then a bar tells how far it is, and the page of the delivery goes on.
import { useEffect, useState, type DragEvent } from "react";
import { useNavigate } from "react-router";
import intake from "../text/intake";
import { useText } from "../text";
import { Bar } from "./badges";
import { Icon } from "./icon";
import { failureText } from "./status";
import { deliver, dismiss, useUploads, type Upload } from "./uploads";

const share = (u: Upload): number => (u.size ? u.sent / u.size : 1);

function Sending({ upload: u }: { upload: Upload }) {
  const { t, bytes, percent } = useText(intake);
  return (
    <>
      <p>{u.sent ? t("upload.sending", { name: u.name, sent: bytes(u.sent), size: bytes(u.size), share: percent(share(u)) }) : t("upload.starting", { name: u.name })}</p>
      <Bar share={share(u)} tone="busy" />
      <p className="quiet">{t("upload.leave")} <button type="button" className="linkish" onClick={u.abort}>{t("upload.stop")}</button></p>
    </>
  );
}

export function UploadBox({ resource }: { resource: string }) {
  const { t } = useText(intake);
  const navigate = useNavigate();
  const [over, setOver] = useState(false);
  const upload = useUploads().find((u) => u.resource === resource);
  const delivery = upload?.state === "done" ? upload.delivery : undefined;

  useEffect(() => {
    if (!upload || !delivery) return;
    dismiss(upload.id);
    void navigate(`/deliveries/${encodeURIComponent(delivery)}`);
  }, [delivery]);

  const hover = (on: boolean) => (e: DragEvent): void => {
    e.preventDefault();
    setOver(on);
  };
  const take = (files: FileList | null): void => {
    const file = files?.[0];
    if (file) deliver(resource, file);
  };
  const busy = upload?.state === "sending";

  return (
    <div className={`drop${over ? " over" : ""}${busy ? " busy" : ""}`} onDragEnter={hover(true)} onDragOver={hover(true)} onDragLeave={hover(false)}
      onDrop={(e) => { hover(false)(e); take(e.dataTransfer.files); }}>
      {!busy && (
        <>
          <label htmlFor="file"><Icon name="upload" /><strong>{t("upload.choose")}</strong><span className="quiet">{t("upload.hint")}</span></label>
          <input type="file" id="file" onChange={(e) => { take(e.target.files); e.target.value = ""; }} />
        </>
      )}
      <div className="status" role="status">
        {busy && <Sending upload={upload} />}
        {upload?.state === "failed" && <p className="bad">{failureText(upload.error)}</p>}
        {upload?.state === "stopped" && <p className="quiet">{t("upload.stopped")}</p>}
      </div>
    </div>
  );
}
