// A form that sends, says what is wrong where it happened, and cannot be sent twice at once.  Fields keep what was entered themselves,
// so that it outlives a change of language; `act` is given it by name.
import { useState, type FormEvent, type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes } from "react";
import { FailureNote } from "./status";

/** What was entered in the field of that name, without the blanks around it. */
export type Values = (name: string) => string;

interface FormProps {
  submit: string;
  act: (value: Values, form: HTMLFormElement) => Promise<unknown>;
  children?: ReactNode;
  /** Other buttons beside the one that sends. */
  more?: ReactNode;
}

export function Form({ submit, act, children, more }: FormProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  async function send(e: FormEvent<HTMLFormElement>): Promise<void> {
    e.preventDefault();
    const form = e.currentTarget;
    const data = new FormData(form);
    setBusy(true);
    setProblem(null);
    try {
      await act((name) => String(data.get(name) ?? "").trim(), form);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="form" onSubmit={(e) => void send(e)}>
      {children}
      {problem ? <FailureNote error={problem} /> : null}
      <p className="buttons"><button type="submit" className="primary" disabled={busy} aria-busy={busy}>{submit}</button>{more}</p>
    </form>
  );
}

interface Labelled {
  id: string;
  label: string;
  hint?: string;
}

const Named = ({ id, label, hint, children }: Labelled & { children: ReactNode }) => (
  <p className="field"><label htmlFor={id}>{label}</label>{children}{hint && <span className="quiet" id={`${id}-hint`}>{hint}</span>}</p>
);

const described = (id: string, hint?: string) => ({ id, name: id, "aria-describedby": hint ? `${id}-hint` : undefined });

/** Its name in the form is its id. */
export const Field = ({ id, label, hint, ...rest }: Labelled & InputHTMLAttributes<HTMLInputElement>) => (
  <Named id={id} label={label} hint={hint}><input {...described(id, hint)} required {...rest} /></Named>
);

/** A text of more than one line. */
export const Area = ({ id, label, hint, ...rest }: Labelled & TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <Named id={id} label={label} hint={hint}><textarea {...described(id, hint)} required rows={3} {...rest} /></Named>
);

/** One of [value, text]. */
export const Choice = ({ id, label, hint, options, chosen }: Labelled & { options: Array<[string, string]>; chosen?: string }) => (
  <Named id={id} label={label} hint={hint}>
    <select {...described(id, hint)} defaultValue={chosen}>{options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>
  </Named>
);

/** One of several that may be ticked. */
export const Tick = ({ id, children, ...rest }: InputHTMLAttributes<HTMLInputElement> & { id: string }) => (
  <label className="choice" htmlFor={id}><input type="checkbox" id={id} name={id} {...rest} /><span>{children}</span></label>
);
