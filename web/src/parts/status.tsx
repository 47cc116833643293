// Nothing there, and failures, told in words.
import type { ReactNode } from "react";
import { ApiFailure } from "#send";
import { useText, words } from "../text";
import { Icon } from "./icon";

export const Empty = ({ text, children }: { text: string; children?: ReactNode }) => <div className="empty"><p>{text}</p>{children}</div>;

/** A failure whose message is already what a person should read. */
export class Told extends Error {}

export function failureText(error: unknown): string {
  if (error instanceof Told) return error.message;
  if (error instanceof ApiFailure) return error.failure[words().lang];
  console.error(error);
  return words().t("status.broken");
}

export type Tone = "bad" | "ask" | "fine" | "";

export const Note = ({ tone = "", role, children }: { tone?: Tone; role?: "alert" | "status"; children: ReactNode }) => (
  <div className={`note ${tone}`.trim()} role={role}><Icon name={tone === "fine" ? "check" : "warn"} /><div>{children}</div></div>
);

export function FailureNote({ error }: { error: unknown }) {
  const { t } = useText();
  const request = error instanceof ApiFailure && error.failure.request;
  return <Note tone="bad" role="alert"><p>{failureText(error)}</p>{request && <p className="quiet">{t("status.request", { id: request })}</p>}</Note>;
}
