// One version of a policy: written while it is a draft, compared with what is published, decided about; or the first draft of a new one.
import { marketPolicyAct, marketPolicyAdd, marketPolicyChange, marketPolicyShowQuery, type Policy, type PolicyVersion } from "#api";
import { useLines, usePolicyWords } from "../parts/policy";
import { BLANK, PolicyEditor, type Form } from "../parts/policy-form";
import { Asks } from "../parts/product";
import { VersionPage, type Line, type VersionKind } from "../parts/versions";
import market from "../text/market";
import policies from "../text/policies";
import { useText } from "../text";

const FACTS = ["kind", "level", "document", "amount", "regions", "industries", "period"] as const;

export default function PolicyVersionPage() {
  const { t, pick, listed } = useText(policies, market);
  const words = usePolicyWords();
  const lines = useLines();
  const told = (name: string, of: (p: Policy) => string): Line<Policy> => ({ name, of, cell: (p) => of(p) || "–" });
  const both = (name: string, zh: "title" | "summary" | "benefit"): Line<Policy> => ({ name, of: (p) => `${p[zh]} ${p[`${zh}_en`]}`, cell: (p) => pick(p[zh], p[`${zh}_en`]) });
  const many = (name: string, zh: "steps" | "materials"): Line<Policy> => ({ name, of: (p) => [...p[zh], "", ...p[`${zh}_en`]].join("\n"), cell: (p) => <ul>{lines(p[zh], p[`${zh}_en`]).map((x) => <li key={x}>{x}</li>)}</ul> });
  const kind: VersionKind<Form, Policy, PolicyVersion> = {
    place: "/my-policies", key: "market.policies", perm: "policy.write", blank: BLANK, words: { heading: t("mypolicies.heading"), edit: t("mypolicies.edit") },
    owner: (v) => pick(v.department, v.department_en), made: (v) => v.policy, before: (v) => v.before, show: (id) => marketPolicyShowQuery({ id }),
    add: marketPolicyAdd, change: (id, written) => marketPolicyChange({ id }, written), act: (id, step) => marketPolicyAct({ id }, step), Editor: PolicyEditor,
    lines: [
      both(t("policy.name"), "title"), both(t("policy.summary"), "summary"), both(t("policy.benefit"), "benefit"),
      ...FACTS.map((id) => told(t(`policy.${id}`), words[id])),
      { name: t("policy.asks"), of: (p) => JSON.stringify(p.groups), cell: (p) => <Asks groups={p.groups} empty={<>{t("policy.no_rules")}</>} /> },
      many(t("policy.steps"), "steps"), many(t("policy.materials"), "materials"),
      told(t("policy.apply"), (p) => p.link ?? ""), told(t("policy.contact"), (p) => [p.contact, p.phone].filter(Boolean).join(" ")),
      told(t("policy.products"), (p) => listed(p.products.map((x) => pick(x.title, x.title_en)))),
    ],
  };
  return <VersionPage kind={kind} help={t("mypolicies.help")} />;
}
