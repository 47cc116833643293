// What a financing and a loan case are in words, for the firm's pages and the institutions'.
import type { FinancingWanted, LoanCaseCard, MeProgress } from "#api";
import financing from "../text/financing";
import { useText } from "../text";
import { Badge } from "./badges";
import { DetailList } from "./facts";
import { Way, type At } from "./way";

export type CaseState = LoanCaseCard["state"];

const FEN = 100;
const WAN_FEN = 1_000_000;
const CENT = 100;

/** Of ten thousand yuan as typed; yuan of a bank are to the fen. */
export const fenOfWan = (wan: string): number => Math.round(Number(wan) * WAN_FEN);
export const fenOfYuan = (yuan: string): number => Math.round(Number(yuan) * FEN);
export const wanOf = (fen: number): string => String(fen / WAN_FEN);
export const yuanText = (fen: number): string => String(fen / FEN);

const STATIONS = ["applied", "accepted", "due_diligence", "granted", "drawn", "repaid"] as const;
/** At which station each state is; how it shows there, where it is not simply the present one. */
const AT: Record<CaseState, [station: number, as?: At]> = {
  draft: [0], applied: [0], accepted: [1], due_diligence: [2], granted: [3], drawn: [4], repaying: [5], settled: [5, "done"],
  overdue: [5, "stopped"], bad: [5, "stopped"], lapsed: [3, "stopped"], refused: [-1, "stopped"], withdrawn: [-1, "stopped"],
};
const OVER: CaseState[] = ["refused", "withdrawn", "lapsed"];

export const isOver = (state: CaseState): boolean => OVER.includes(state);
const reached = (progress: MeProgress[]): number => Math.max(0, ...progress.map((p) => AT[p.to as CaseState]?.[0] ?? 0));

/** The case that has come farthest, of those that go on where there are any. */
export function foremost<C extends { state: CaseState }>(cases: C[]): C | undefined {
  const going = cases.filter((c) => !isOver(c.state));
  return [...(going.length ? going : cases)].sort((a, b) => AT[b.state][0] - AT[a.state][0])[0];
}

/** progress: of a case that is over, how far it had come. */
export function CaseWay({ state, progress = [] }: { state: CaseState | null; progress?: MeProgress[] }) {
  const { t } = useText(financing);
  const [station, as] = state ? AT[state] : [-1];
  const now = station < 0 && state ? reached(progress) : station;
  return <Way label={t("fin.way")} stations={STATIONS.map((id, at) => ({ id, text: t(`fin.station_${id}`), at: at < now ? "done" : at === now ? (as ?? "now") : "" }))} />;
}

export function useFinancingWords() {
  const { t, pick, num, day } = useText(financing);
  const named = (c: { title: string; title_en: string | null } | null): string => (c ? pick(c.title, c.title_en) : "");
  return {
    named,
    amount: (fen: number): string => t("fin.wan", { n: num(Math.round((fen / WAN_FEN) * CENT * CENT) / (CENT * CENT)) }),
    months: (n: number): string => t("fin.months", { n: num(n) }),
    rate: (rate: string | null): string => (rate === null ? "" : t("fin.rate_of", { rate })),
    until: (iso: string | null): string => (iso ? t("fin.until", { day: day(iso) }) : ""),
  };
}

/** rest: facts that come before them. */
export function WantedFacts({ wanted: w, rest = [] }: { wanted: FinancingWanted; rest?: Array<[string, React.ReactNode]> }) {
  const { t } = useText(financing);
  const words = useFinancingWords();
  return (
    <DetailList rows={[
      ...rest, [t("fin.amount"), words.amount(w.amount_fen)], [t("fin.term"), words.months(w.term_months)], [t("fin.purpose"), words.named(w.purpose)], [t("fin.guarantee"), words.named(w.guarantee)],
      [t("fin.rate_most"), words.rate(w.rate_most)], [t("fin.repayment"), words.named(w.repayment)], [t("fin.size"), words.named(w.size)], [t("fin.industry"), words.named(w.industry)],
      [t("fin.region"), words.named(w.region)], [t("fin.first_loan"), w.first_loan && <Known known={w.first_loan_known} />], [t("fin.renewal"), w.renewal && <>{w.renews} <Known known={w.renewal_known} /></>],
    ]} />
  );
}

/** What the firm says of its loans, and whether what is known bears it out. */
function Known({ known }: { known: boolean | null }) {
  const { t } = useText(financing);
  return <Badge tone={known === null ? "" : known ? "good" : "poor"}>{t(known === null ? "fin.not_known" : known ? "fin.borne_out" : "fin.contradicted")}</Badge>;
}

const TONES = { pass: "good", miss: "poor", unknown: "fair" };

/** How one product's rules and terms came out together. */
export function Outcome({ of: m }: { of: { result: "pass" | "miss" | "unknown"; misses: number; unknown: number } }) {
  const { t, num } = useText(financing);
  return <Badge tone={TONES[m.result]}>{m.result === "pass" ? t("fin.all_pass") : m.misses ? t("fin.misses", { n: num(m.misses) }) : m.unknown ? t("fin.unknowns", { n: num(m.unknown) }) : t("fin.terms_miss")}</Badge>;
}
