// A form that sends, says what is wrong where it happened, and cannot be sent twice at once.
import { fill, h, icon, type Child } from "../dom";
import { failureText } from "./status";

export interface Field<T extends HTMLElement = HTMLInputElement> {
  node: HTMLElement;
  input: T;
}

type Props = Record<string, unknown>;

const labelled = <T extends HTMLElement>(id: string, label: string, input: T, hint?: string): Field<T> =>
  ({ input, node: h("p.field", h("label", { for: id }, label), input, hint ? h("span.quiet", { id: `${id}-hint` }, hint) : null) });

const named = (id: string, hint?: string): Props => ({ id, name: id, "aria-describedby": hint ? `${id}-hint` : undefined });

export const field = (id: string, label: string, props: Props = {}, hint?: string): Field =>
  labelled(id, label, h("input", { ...named(id, hint), required: true, ...props }), hint);

/** A text of more than one line. */
export const area = (id: string, label: string, props: Props = {}, hint?: string): Field<HTMLTextAreaElement> =>
  labelled(id, label, h("textarea", { ...named(id, hint), required: true, rows: 3, ...props }), hint);

/** One of [value, text]. */
export const choice = (id: string, label: string, options: Array<[string, string]>, chosen = "", hint?: string): Field<HTMLSelectElement> =>
  labelled(id, label, h("select", named(id, hint), options.map(([value, text]) => h("option", { value, selected: value === chosen }, text))), hint);

/** One of several that may be ticked. */
export const tick = (id: string, text: string, props: Props = {}): Field =>
  ((input) => ({ input, node: h("label.choice", { for: id }, input, h("span", text)) }))(h("input", { type: "checkbox", id, ...props }));

export function form(submit: string, act: () => Promise<void>, ...children: Child[]): HTMLFormElement {
  const problem = h("div", { role: "alert" });
  const button = h("button.primary", { type: "submit" }, submit) as HTMLButtonElement;
  return h("form.form", { onsubmit: (e: Event) => {
    e.preventDefault();
    button.disabled = true;
    fill(problem);
    act().catch((error: unknown) => fill(problem, h("div.note.bad", icon("warn"), h("p", failureText(error)))))
      .finally(() => (button.disabled = false));
  } }, children, problem, h("p.buttons", button)) as HTMLFormElement;
}
