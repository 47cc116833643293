// One financing of the firm that is signed in: its next act, who handles it and how far they are, offers side by side, and which products fit.
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import { meFinancingAct, meFinancingChange, meFinancingQuery, type FinancingAct, type FinancingMatch, type FinancingNew, type MeFinancing } from "#api";
import { ForFirm } from "../parts/acting";
import { Badge, StatusTag } from "../parts/badges";
import { ConfirmDanger } from "../parts/confirm";
import { WantedFacts } from "../parts/financing";
import { CaseCard, Offers, useAgain, useNext, WaitingOffers } from "../parts/financing-firm";
import { Matches } from "../parts/financing-match";
import { draftOf } from "../parts/financing-new";
import { Form } from "../parts/form";
import { useNames } from "../parts/names";
import { Options } from "../parts/options";
import { Page } from "../parts/page";
import { Staying } from "../parts/stay";
import { FailureNote } from "../parts/status";
import financing from "../text/financing";
import { useText } from "../text";

const LOOK_AGAIN_MS = 15_000;
const PASS_ON = ["next", "guarantee", "no"] as const;

const may = (f: MeFinancing, action: string): boolean => f.actions.some((a) => a.action === action);

/** Published to all that it is for, or, from a match, to that one alone. */
function Draft({ of: f, act }: { of: MeFinancing; act(body: FinancingAct): Promise<void> }) {
  const { t, num } = useText(financing);
  return (
    <section className="panel next-act">
      <h2>{t("fin.publish")}</h2>
      <Form submit={t("fin.publish")} act={() => act({ action: "publish" })} more={<Link className="button-like" to={`/financing/new?draft=${f.id}`}>{t("fin.edit")}</Link>}>
        <p>{t(`fin.publish_${f.mode}`, { n: num(f.open_most) })}</p>
        <p className="quiet">{t("fin.publish_sees")}</p>
      </Form>
    </section>
  );
}

/** To apply for one product: a draft becomes one for that product alone, what is published is offered there, too. */
function Apply({ of: f, match: m, again }: { of: MeFinancing; match: FinancingMatch; again(): Promise<void> }) {
  const { t, pick } = useText(financing);
  const product = m.match.product.code;
  if (!m.organisation) return <p className="quiet">{t("fin.nobody")}</p>;
  if (m.case) return <p className="badges"><Badge tone="good">{t("fin.handled")}</Badge></p>;
  const draft = f.state === "draft";
  if (!draft && !may(f, "apply")) return null;
  const go = async (): Promise<void> => {
    if (draft) await meFinancingChange({ id: f.id }, { ...draftOf(f), mode: "direct", product } as FinancingNew);
    await meFinancingAct({ id: f.id }, draft ? { action: "publish" } : { action: "apply", product });
    await again();
  };
  return <p className="buttons"><ConfirmDanger className="plain small" text={t(draft ? "fin.apply_only" : "fin.apply")} title={t("fin.apply_title", { product: pick(m.match.product.title, m.match.product.title_en) })} what={<p>{t("fin.apply_what", { organisation: m.organisation_name ?? "" })}</p>} act={go} /></p>;
}

function PassOn({ of: f, act }: { of: MeFinancing; act(body: FinancingAct): Promise<void> }) {
  const { t } = useText(financing);
  const [chosen, choose] = useState<string>(f.pass_on);
  return (
    <details>
      <summary>{t("fin.pass_on_now", { how: t(`fin.pass_on_${f.pass_on}`) })}</summary>
      <Form submit={t("fin.save")} act={() => act({ action: "pass_on", pass_on: chosen as FinancingAct["pass_on"] })}>
        <Options name="pass-on" legend={t("fin.pass_on")} chosen={[chosen]} choose={([v]) => choose(v!)} options={PASS_ON.map((value) => ({ value, text: t(`fin.pass_on_${value}`) }))} />
      </Form>
    </details>
  );
}

function Happened({ of: f }: { of: MeFinancing }) {
  const { t, pick, when } = useText(financing);
  const { orgName } = useNames();
  const all = [...f.progress, ...f.cases.flatMap((c) => c.progress)].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <details>
      <summary>{t("fin.happened")}</summary>
      <ol className="timeline">
        {all.map((e, at) => <li key={`${e.at} ${at}`}><p><strong>{pick(e.title, e.title_en)}</strong><span className="quiet">{when(e.at)}</span></p><p className="quiet">{[pick(e.part_title, e.part_title_en), orgName(e.organisation)].filter(Boolean).join(" · ")}</p>{e.reason && <p>{e.reason}</p>}</li>)}
      </ol>
    </details>
  );
}

function Fitting({ of: f, again }: { of: MeFinancing; again(): Promise<void> }) {
  const { t } = useText(financing);
  const [asked, ask] = useState(f.state === "draft");
  if (f.state !== "draft" && !may(f, "apply")) return null;
  return (
    <section aria-live="polite">
      <h2>{t("fin.fitting")}</h2>
      {asked ? <Matches id={f.id} wanted={f.wanted} act={(m) => <Apply of={f} match={m} again={again} />} /> : <p className="buttons"><button type="button" className="plain" onClick={() => ask(true)}>{t("fin.show_fitting")}</button></p>}
    </section>
  );
}

function Whole({ of: f }: { of: MeFinancing }) {
  const { t } = useText(financing);
  const again = useAgain();
  const next = useNext();
  const act = async (body: FinancingAct): Promise<void> => {
    await meFinancingAct({ id: f.id }, body);
    await again();
  };
  return (
    <div className="columns">
      <div className="wide">
        {f.state !== "draft" && <section className="panel next-act"><h2>{t("fin.next")}</h2><p>{next(f)}</p></section>}
        {f.state === "draft" && <Draft of={f} act={act} />}
        <WaitingOffers />
        <Offers cases={f.cases} />
        {f.cases.length > 0 && <section><h2>{t("fin.cases")}</h2><ul className="candidates">{f.cases.map((c) => <CaseCard key={c.id} of={c} within={f} />)}</ul></section>}
        <Fitting of={f} again={again} key={f.state} />
      </div>
      <section className="narrow">
        <h2>{t("fin.wanted")}</h2>
        <WantedFacts wanted={f.wanted} />
        {may(f, "pass_on") && <PassOn of={f} act={act} key={f.pass_on} />}
        <Happened of={f} />
        {may(f, "withdraw") && <p className="buttons"><ConfirmDanger text={t(f.state === "draft" ? "fin.drop" : "fin.withdraw")} title={t("fin.withdraw_title")} what={<p>{t(f.state === "draft" ? "fin.drop_what" : "fin.withdraw_what")}</p>} act={() => act({ action: "withdraw" })} /></p>}
      </section>
    </div>
  );
}

function One({ id, note, rest }: { id: string; note: ReactNode; rest: ReactNode }) {
  const { t, num, pick } = useText(financing);
  const { data: f, error } = useQuery({ ...meFinancingQuery({ id }), retry: false, refetchInterval: LOOK_AGAIN_MS });
  const title = f ? t("fin.one", { n: num(f.wanted.amount_fen / 1_000_000), months: num(f.wanted.term_months) }) : t("fin.title");
  return (
    <Page title={title} back={["/financing", t("fin.title")]} help={t("fin.help")} badges={f && <><StatusTag of={f} /><Badge>{pick(f.mode_title, f.mode_title_en)}</Badge></>} actions={rest}>
      {note}
      {error && <FailureNote error={error} />}
      {f && <Whole of={f} />}
    </Page>
  );
}

export default function FinancingOnePage() {
  const id = useParams()["id"]!;
  const { t } = useText(financing);
  return <Staying title={t("fin.title")} lead={t("fin.lead")} help={t("fin.help")}>{(me, _, rest) => (
    <ForFirm me={me} frame={(inner) => <Page title={t("fin.title")} help={t("fin.help")} actions={rest}>{inner}</Page>}>{(note) => <One id={id} note={note} rest={rest} key={id} />}</ForFirm>
  )}</Staying>;
}
