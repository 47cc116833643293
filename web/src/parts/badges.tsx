// Small marks that say one thing each.  Colour never says it alone: a mark has its word, and a grade its bars.
import type { ReactNode } from "react";
import catalogue from "../text/catalogue";
import intake from "../text/intake";
import { useText } from "../text";

export interface CodeRef {
  code: string;
  title: string;
  title_en: string | null;
}

export const Badge = ({ tone = "", children }: { tone?: string; children: ReactNode }) => <span className={`badge ${tone}`.trim()}>{children}</span>;

const shareTones: Record<string, string> = { "1": "good", "2": "fair", "3": "poor" };
export function ShareBadge({ share }: { share: CodeRef | null }) {
  const { pick } = useText();
  return share && <Badge tone={shareTones[share.code] ?? ""}>{pick(share.title, share.title_en)}</Badge>;
}

const GRADES = [1, 2, 3, 4];
/** As many bars as the grade has steps, and its number. */
export function GradeBadge({ grade }: { grade: number }) {
  const { t } = useText(catalogue);
  return (
    <Badge tone={`grade grade${grade}`}>
      <svg viewBox="0 0 15 10" aria-hidden="true" className="steps-icon">
        {GRADES.map((g) => <rect key={g} className={g <= grade ? "on" : "off"} x={(g - 1) * 4} y={8 - g * 2} width="3" height={2 + g * 2} />)}
      </svg>
      {t("grade", { n: grade })}
    </Badge>
  );
}

const stateTones: Record<string, string> = {
  published: "good", received: "busy", sealed: "busy", waiting: "fair", failed: "poor", withdrawn: "quietly", refused: "poor",
};
export function StateBadge({ state }: { state: string }) {
  const { tCode } = useText(intake);
  return <Badge tone={stateTones[state] ?? ""}>{tCode("state", state)}</Badge>;
}

const flowTones: Record<string, string> = {
  granted: "good", active: "good", approved: "good", settled: "good", supplied: "good", matched: "good",
  rejected: "poor", revoked: "poor", declined: "poor", cancelled: "quietly", closed: "quietly", withdrawn: "quietly", expired: "quietly",
  raised: "fair", kept: "fair", frozen: "poor", dismissed: "quietly", proposed: "fair", in_force: "good", refused: "poor", lifted: "quietly",
  suspended: "fair", returned: "fair", extended: "fair", dispute: "fair", unmet: "fair",
  issued: "fair", confirmed: "good", financed: "busy", pledged: "busy", split: "quietly", void: "quietly",
};
/** The state of whatever goes through steps; the server names it. */
export function StatusTag({ of }: { of: { state: string; state_title: string; state_title_en: string } }) {
  const { pick } = useText();
  return <Badge tone={flowTones[of.state] ?? ""}>{pick(of.state_title, of.state_title_en)}</Badge>;
}

/** A share from 0 to 1.  Drawn with SVG attributes: the page allows no inline styles. */
export const Bar = ({ share, tone }: { share: number; tone: string }) => (
  <svg viewBox="0 0 100 8" preserveAspectRatio="none" className={`bar ${tone}`} aria-hidden="true">
    <rect className="track" width="100" height="8" />
    <rect className="value" width={Math.max(0, Math.min(1, share)) * 100} height="8" />
  </svg>
);
