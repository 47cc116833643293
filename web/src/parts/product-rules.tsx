// What a product asks of a firm, as it is written: every rule is to be met, of its alternatives one; what each says is read back in plain words.
import { useQuery } from "@tanstack/react-query";
import { financeIndicatorsQuery, type FinanceIndicator, type ProductCheck, type ProductForm } from "#api";
import market from "../text/market";
import { useText } from "../text";

type Groups = NonNullable<ProductForm["groups"]>;
type Rule = Groups[number][number];

const NUMBERS = ["ge", "gt", "le", "lt", "eq", "ne"] as const;
const CODES = ["in", "not_in", "starts", "not_starts"] as const;
const MOST_RULES = 20, MOST_ALTERNATIVES = 8;
const EMPTY: Rule = { indicator: "", operator: "ge", value: "" };

interface RowProps {
  id: string;
  rule: Rule;
  indicators: FinanceIndicator[];
  said: string | null;
  fault: string | null;
  change: (rule: Rule) => void;
}

function Row({ id, rule, indicators, said, fault, change }: RowProps) {
  const { t, tCode, pick } = useText(market);
  const chosen = indicators.find((i) => i.indicator === rule.indicator);
  const operators: readonly string[] = chosen?.type === "code" ? CODES : NUMBERS;
  const choose = (indicator: string): void => {
    const next = indicators.find((i) => i.indicator === indicator);
    const fits: readonly string[] = next?.type === "code" ? CODES : NUMBERS;
    change({ ...rule, indicator, operator: fits.includes(rule.operator) ? rule.operator : fits[0]! });
  };
  return (
    <div className="rule">
      <p className="field"><label htmlFor={`${id}-i`}>{t("mp.indicator")}</label>
        <select id={`${id}-i`} value={rule.indicator} onChange={(e) => choose(e.target.value)}>
          <option value="">{t("mp.choose")}</option>
          {indicators.map((i) => <option key={i.indicator} value={i.indicator}>{pick(i.title, i.title_en)}{i.unit ? `（${i.unit}）` : ""}</option>)}
        </select></p>
      <p className="field"><label htmlFor={`${id}-o`}>{t("mp.operator")}</label>
        <select id={`${id}-o`} value={rule.operator} onChange={(e) => change({ ...rule, operator: e.target.value })}>{operators.map((o) => <option key={o} value={o}>{tCode("op", o)}</option>)}</select></p>
      <p className="field"><label htmlFor={`${id}-v`}>{chosen?.type === "code" ? t("mp.value_codes") : t("mp.value")}</label>
        <input id={`${id}-v`} value={rule.value} maxLength={400} autoComplete="off" inputMode={chosen?.type === "code" ? "text" : "decimal"} aria-invalid={fault !== null} aria-describedby={`${id}-says`} onChange={(e) => change({ ...rule, value: e.target.value })} /></p>
      <p id={`${id}-says`} className={fault ? "wrong" : "quiet"} aria-live="polite">{fault ?? (said && t("mp.says", { text: said }))}</p>
    </div>
  );
}

export function Rules({ groups, change, check }: { groups: Groups; change: (groups: Groups) => void; check: Pick<ProductCheck, "faults" | "groups"> | null }) {
  const { t, pick } = useText(market);
  const { data } = useQuery({ ...financeIndicatorsQuery({}), staleTime: Infinity });
  const set = (g: number, rules: Rule[]): void => change(rules.length ? groups.map((x, i) => (i === g ? rules : x)) : groups.filter((_, i) => i !== g));
  const fault = (g: number, i: number): string | null => {
    const f = groups[g]![i]!.indicator && groups[g]![i]!.value ? check?.faults.find((x) => x.field === `groups.${g}.${i}`) : undefined;
    return f ? pick(f.text, f.text_en) : null;
  };
  const said = (g: number, i: number): string | null => {
    const r = check?.groups[g]?.[i];
    return r ? pick(r.text, r.text_en) : null;
  };
  return (
    <div className="rules">
      {groups.map((rules, g) => (
        <fieldset className="panel" key={g}>
          <legend>{t("mp.rule", { n: String(g + 1) })}</legend>
          {rules.map((rule, i) => (
            <div key={i}>
              {i > 0 && <p className="or"><strong>{t("mp.or")}</strong> <button type="button" className="plain small" onClick={() => set(g, rules.filter((_, x) => x !== i))}>{t("mp.drop_or")}</button></p>}
              <Row id={`r${g}-${i}`} rule={rule} indicators={data?.items ?? []} said={said(g, i)} fault={fault(g, i)} change={(r) => set(g, rules.map((x, at) => (at === i ? r : x)))} />
            </div>
          ))}
          <p className="buttons">
            {rules.length < MOST_ALTERNATIVES && <button type="button" className="plain small" onClick={() => set(g, [...rules, EMPTY])}>{t("mp.add_or")}</button>}
            <button type="button" className="plain small" onClick={() => set(g, [])}>{t("mp.drop", { n: String(g + 1) })}</button>
          </p>
        </fieldset>
      ))}
      {groups.length < MOST_RULES && <p className="buttons"><button type="button" className="plain" onClick={() => change([...groups, [EMPTY]])}>{t("mp.add_rule")}</button></p>}
    </div>
  );
}
