// A form that sends, says what is wrong where it happened, and cannot be sent twice at once.
import { fill, h, icon, type Child } from "../dom";
import { failureText } from "./status";

export interface Field {
  node: HTMLElement;
  input: HTMLInputElement;
}

export function field(id: string, label: string, props: Record<string, unknown> = {}, hint?: string): Field {
  const input = h("input", { id, name: id, required: true, "aria-describedby": hint ? `${id}-hint` : undefined, ...props }) as HTMLInputElement;
  return { input, node: h("p.field", h("label", { for: id }, label), input, hint ? h("span.quiet", { id: `${id}-hint` }, hint) : null) };
}

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
