// Delivers a file: chosen or dropped, sent with a bar that tells how far it is, then the page of the delivery goes on.
import { deliveryUploadUrl, type Accepted } from "#api";
import { ApiFailure, MARKER, type Failure } from "#send";
import { bar, fill, h, icon } from "../dom";
import { bytes, percent, t } from "../text";
import { failureText } from "./status";

export interface Upload {
  node: HTMLElement;
  close(): void;
}

/** XMLHttpRequest, because fetch does not tell how much of a body has left. */
function sendFile(url: string, file: File, told: (sent: number) => void): { done: Promise<Accepted>; abort(): void } {
  const request = new XMLHttpRequest();
  const done = new Promise<Accepted>((resolve, reject) => {
    const broken: Failure = { code: "UNREACHABLE", zh: "传输中断，请重试", en: "The transfer broke off; try again", request: "", status: 0 };
    request.upload.onprogress = (e) => told(e.loaded);
    request.onerror = () => reject(new ApiFailure(broken));
    request.onload = () => {
      try {
        const body = JSON.parse(request.responseText) as Accepted & { error?: Failure };
        if (request.status === 202) resolve(body);
        else reject(new ApiFailure({ ...(body.error ?? broken), status: request.status }));
      } catch {
        reject(new ApiFailure(broken));
      }
    };
    request.open("POST", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader(MARKER, "console");
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}

export function uploadBox(resource: string, accepted: (id: string) => void): Upload {
  let running: { abort(): void } | null = null;
  const status = h("div.status", { role: "status" });
  const input = h("input", { type: "file", id: "file", onchange: () => input.files?.[0] && void take(input.files[0]) });
  const box = h("div.drop",
    h("label", { for: "file" }, icon("upload"), h("strong", t("upload.choose")), h("span.quiet", t("upload.hint"))), input, status);

  async function take(file: File): Promise<void> {
    if (running) return;
    const url = deliveryUploadUrl({ name: resource, file_name: file.name });
    const sending = sendFile(url, file, (sent) => {
      const share = file.size ? sent / file.size : 1;
      fill(status, h("p", t("upload.sending", { name: file.name, sent: bytes(sent), size: bytes(file.size), share: percent(share) })), bar(share, "busy"));
    });
    running = sending;
    box.classList.add("busy");
    fill(status, h("p", t("upload.starting", { name: file.name })));
    try {
      accepted((await sending.done).id);
    } catch (error) {
      fill(status, h("p.bad", failureText(error)));
    } finally {
      running = null;
      input.value = "";
      box.classList.remove("busy");
    }
  }

  for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, (e) => { e.preventDefault(); box.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, (e) => { e.preventDefault(); box.classList.remove("over"); });
  box.addEventListener("drop", (e) => {
    const file = (e as DragEvent).dataTransfer?.files[0];
    if (file) void take(file);
  });
  return { node: box, close: () => running?.abort() };
}
