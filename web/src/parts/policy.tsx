// What a policy is in words, for the library, its own page, its versions and the matches.
import type { Policy, PolicyCard } from "#api";
import policies from "../text/policies";
import { useText } from "../text";
import { Badge } from "./badges";

const TONES = { open: "good", coming: "fair", ended: "poor" } as const;

/** The columns that a policy is told in, by their names. */
export function usePolicyWords() {
  const { t, pick, num, day, listed } = useText(policies);
  const names = (list: PolicyCard["regions"]): string => (list.length ? listed(list.map((c) => pick(c.title, c.title_en))) : t("policy.any"));
  const unit = (p: PolicyCard): string => (p.unit === null ? "" : pick(p.unit_title!, p.unit_title_en));
  return {
    kind: (p: PolicyCard) => pick(p.kind_title, p.kind_title_en),
    level: (p: PolicyCard) => pick(p.level_title, p.level_title_en),
    department: (p: PolicyCard) => pick(p.department, p.department_en),
    document: (p: PolicyCard) => p.document ?? "–",
    benefit: (p: PolicyCard) => pick(p.benefit, p.benefit_en),
    amount: (p: PolicyCard) => (p.amount === null ? "–" : `${num(p.amount)}${p.unit === "percent" ? "" : " "}${unit(p)}`),
    regions: (p: PolicyCard) => names(p.regions),
    industries: (p: PolicyCard) => names(p.industries),
    period: (p: PolicyCard) => (p.until === null ? t("policy.from_on", { from: day(p.from) }) : t("policy.from_until", { from: day(p.from), until: day(p.until) })),
    until: (p: PolicyCard) => (p.until === null ? t("policy.endless") : day(p.until)),
    time: (p: PolicyCard) => pick(p.time_title, p.time_title_en),
  };
}

export function TimeBadge({ of: p }: { of: PolicyCard }) {
  const { pick } = useText(policies);
  return <Badge tone={TONES[p.time]}>{pick(p.time_title, p.time_title_en)}</Badge>;
}

/** The lines of the language, where they were written in it. */
export function useLines() {
  const { pick } = useText(policies);
  return (zh: string[], en: string[]): string[] => (en.length ? (pick("zh", "en") === "en" ? en : zh) : zh);
}

export const hostOf = (p: Pick<Policy, "link">): string | null => (p.link && URL.canParse(p.link) ? new URL(p.link).host : null);
