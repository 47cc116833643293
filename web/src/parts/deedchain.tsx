// A deed's chain as a picture: a link a step, with what was said, who signed it, and the entry of the journal that it became.
import { journalProofUrl, type DeedStatement, type DeedStep } from "#api";
import ledger from "../text/ledger";
import { useText } from "../text";
import { DetailList } from "./facts";
import { Icon } from "./icon";
import { useNames } from "./names";

export const yuanOf = (fen: number): number => fen / 100;
const short = (hash: string): string => `${hash.slice(0, 10)}…`;

/** What a statement says beside its place in the chain. */
export function Said({ said }: { said: DeedStatement }) {
  const { t, tCode, money, day } = useText(ledger);
  const { orgName } = useNames();
  const amount = (fen: number | undefined) => fen !== undefined && money(yuanOf(fen));
  return (
    <DetailList rows={[
      [t("ledger.amount"), amount(said.amount_fen)], [t("ledger.financed"), amount(said.financed_fen)], [t("ledger.holder"), said.holder && orgName(said.holder)],
      [t("ledger.obligor"), said.obligor && orgName(said.obligor)], [t("ledger.financier"), said.financier && orgName(said.financier)], [t("ledger.to"), said.to && orgName(said.to)],
      [t("ledger.due"), said.due && day(said.due)], [t("ledger.rests_on"), said.references?.map((r) => `${tCode("ref", r.type)} ${r.number}`).join(" · ")],
      [t("ledger.parts"), said.parts && <ul className="plainlist">{said.parts.map((p) => <li key={p.document}>{money(yuanOf(p.amount_fen))} <code>{short(p.document)}</code></li>)}</ul>],
      [t("ledger.secures"), said.secures && <code>{said.secures}</code>], [t("ledger.note"), said.note],
    ]} />
  );
}

function Link({ step }: { step: DeedStep }) {
  const { t, pick, when, num } = useText(ledger);
  const { orgName } = useNames();
  return (
    <li className={step.entry === null ? "pending" : undefined}>
      <h3>{pick(step.act_title, step.act_title_en)}<span className="quiet">{t("ledger.step", { n: step.seq })} · {when(step.at)}</span></h3>
      <Said said={step.said} />
      <p className="quiet">{t("ledger.signers")}</p>
      <ul className="seals">
        {step.signatures.map((x) => <li key={x.organisation}><Icon name="sign" /><span>{orgName(x.organisation)}<span className="quiet">{t("ledger.key", { kid: short(x.kid) })}</span></span></li>)}
      </ul>
      <p className="hashes quiet">{step.said.prev && <span>{t("ledger.prev", { hash: short(step.said.prev) })}</span>}<span>{t("ledger.hash", { hash: short(step.statement) })}</span></p>
      {step.entry === null ? <p className="quiet">{t("ledger.pending")}</p> : (
        <p className="entry"><Icon name="chain" />{t("ledger.entry", { n: num(step.entry) })} <a href={journalProofUrl({ index: step.entry })} download={`${step.entry}.proof`}>{t("ledger.proof")}</a></p>
      )}
    </li>
  );
}

export function DeedChain({ steps }: { steps: DeedStep[] }) {
  const { t } = useText(ledger);
  return (
    <section>
      <h2>{t("ledger.chain")}</h2>
      <p className="quiet">{t("ledger.chain_hint")}</p>
      <ol className="deedchain">{steps.map((s) => <Link key={`${s.document} ${s.seq}`} step={s} />)}</ol>
    </section>
  );
}
