// One, or several, of a few answers, each large enough for a thumb.
import { Icon } from "./icon";

export interface Option {
  value: string;
  text: string;
  hint?: string;
}

interface Props {
  name: string;
  legend: string;
  options: Option[];
  chosen: string[];
  choose(values: string[]): void;
  /** Any number of them; otherwise one. */
  many?: boolean;
  /** Short answers, several in a row. */
  few?: boolean;
}

export function Options({ name, legend, options, chosen, choose, many, few }: Props) {
  const toggle = (value: string, on: boolean): void => choose(many ? (on ? [...chosen, value] : chosen.filter((v) => v !== value)) : [value]);
  return (
    <fieldset className={`options ${few ? "few" : options.some((o) => o.hint) ? "" : "short"}`.trim()}>
      <legend>{legend}</legend>
      {options.map((o) => (
        <label key={o.value} className="option">
          <input className={few ? "unseen" : undefined} type={many ? "checkbox" : "radio"} name={name} value={o.value} checked={chosen.includes(o.value)} onChange={(e) => toggle(o.value, e.target.checked)} />
          {few && chosen.includes(o.value) && <Icon name="check" />}
          <span>{o.text}{o.hint && <small>{o.hint}</small>}</span>
        </label>
      ))}
    </fieldset>
  );
}
