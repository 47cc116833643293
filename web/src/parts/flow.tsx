// What happened to a matter, and the steps that whoever is signed in may take now: the server names both.
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { FlowAction, FlowEvent } from "#api";
import share from "../text/share";
import { useText } from "../text";
import { Area, Form } from "./form";
import { useNames } from "./names";

export function Timeline({ events }: { events: FlowEvent[] }) {
  const { t, pick, when } = useText(share);
  const { orgName } = useNames();
  return (
    <section>
      <h2>{t("flow.history")}</h2>
      <ol className="timeline">
        {events.map((e) => (
          <li key={`${e.at} ${e.title}`}>
            <p><strong>{pick(e.title, e.title_en)}</strong><span className="quiet">{when(e.at)}</span></p>
            <p className="quiet">{e.account || e.client ? `${e.account ?? e.client} · ${orgName(e.organisation)}` : e.part === "subject" ? t("flow.subject") : t("flow.platform")}</p>
            {e.reason && <p>{e.reason}</p>}
            {e.legal_basis && <p className="quiet">{e.legal_basis}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

type Taken = { action: string; reason?: string; legal_basis?: string } & Record<string, string>;

interface StepsProps {
  actions: FlowAction[];
  take: (body: Taken) => Promise<unknown>;
  /** Fields that a step asks for beside a reason and its legal basis; what is left empty is not sent. */
  extras?: Record<string, ReactNode>;
}

/** A button a step; pressing it asks what the step needs, and only then it is taken. */
export function Steps({ actions, take, extras = {} }: StepsProps) {
  const { t, pick } = useText(share);
  const [asked, setAsked] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const step = actions.find((a) => a.action === asked);

  useEffect(() => {
    if (asked) box.current?.querySelector<HTMLElement>("input, textarea, select, button")?.focus();
  }, [asked]);

  async function send(form: HTMLFormElement): Promise<void> {
    const body: Record<string, string> = { action: step!.action };
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim()) body[name] = value.trim();
    await take(body as Taken);
    setAsked(null);
    document.getElementById("main")?.focus(); // the form is gone: whoever uses the keyboard goes on from the top
  }

  return (
    <section className="panel steps">
      <h2>{t("flow.next")}</h2>
      {actions.length ? (
        <p className="buttons">
          {actions.map((a) => (
            <button key={a.action} type="button" className="plain" aria-pressed={a.action === asked} onClick={() => setAsked(a.action)}>{pick(a.title, a.title_en)}</button>
          ))}
        </p>
      ) : <p className="quiet">{t("flow.nothing")}</p>}
      <div ref={box}>
        {step && (
          <Form key={step.action} submit={t("flow.confirm", { step: pick(step.title, step.title_en) })} act={(_, form) => send(form)}>
            {extras[step.action]}
            {step.needs.includes("reason") && <Area id="reason" label={t("flow.reason")} maxLength={2000} />}
            {step.needs.includes("legal_basis") && <Area id="legal_basis" label={t("flow.basis")} hint={t("flow.basis_hint")} maxLength={2000} />}
          </Form>
        )}
      </div>
    </section>
  );
}
