// Data that were bought: the list of what is, with the licence of each, what a month cost, and the terms on a resource's own page.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { financeCommercialQuery, licenceCostsFileUrl, licenceCostsQuery, licencePut, licenceShowQuery, type CommercialItem, type Licence, type LicenceCost, type LicenceTerms } from "#api";
import { useSession } from "../session";
import commercial from "../text/commercial";
import { useText } from "../text";
import { Badge } from "./badges";
import { DetailList, Figures } from "./facts";
import { Choice, Field, Form, Tick } from "./form";
import { Icon } from "./icon";
import { useRefresh } from "./refresh";
import { Empty, FailureNote, Note } from "./status";
import { Table, type Column } from "./table";

const TONES: Record<string, string> = { in_force: "good", not_yet: "fair", unlicensed: "fair", ended: "poor", not_catalogued: "" };
const STATES = ["in_force", "not_yet", "ended", "unlicensed", "not_catalogued"] as const;
const MODES = ["query", "verify", "batch", "changes", "export", "subscribe"] as const;
const PASSING = ["forbidden", "derived", "allowed"] as const;
const FEN = 100;

/** To the fen, where there is one. */
function useMoney(): (fen: number) => string {
  const { lang } = useText();
  return (fen) => new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en", { minimumFractionDigits: fen % FEN ? 2 : 0 }).format(fen / FEN);
}

/** The terms in a line or two; the last instant is the end of its day. */
function Terms({ of: l }: { of: Licence }) {
  const { t, tCode, pick, day, listed } = useText(commercial);
  const yuan = useMoney();
  const last = new Date(new Date(l.until).getTime() - 1).toISOString();
  return (
    <>
      {l.supplier} · {listed(l.modes.map((m) => tCode("comuse", m)))}
      <span className="quiet"> {[t("com.until", { from: day(l.from), until: day(last) }), l.scenarios.length ? t("com.scenarios", { list: listed(l.scenarios) }) : t("com.any_scenario"), pick(l.redistribution_title ?? "", l.redistribution_title_en),
        l.call_fen && t("com.per_call", { yuan: yuan(l.call_fen) }), l.month_fen && t("com.per_month", { yuan: yuan(l.month_fen) }), l.budget_fen && t("com.budget", { yuan: yuan(l.budget_fen) })].filter(Boolean).join(" · ")}</span>
    </>
  );
}

function Costs() {
  const { t, num, lang } = useText(commercial);
  const yuan = useMoney();
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7));
  const { data, error } = useQuery({ ...licenceCostsQuery({ month }), retry: false });
  const columns: Array<Column<LicenceCost>> = [
    { id: "resource", head: t("com.resource"), cell: (l) => <Link to={`/resources/${l.resource}`}>{l.title ?? l.resource}</Link> },
    { id: "who", head: t("com.who"), cell: (l) => (l.organisation === null ? <span className="quiet">{t("com.nobody")}</span> : (l.organisation_name ?? l.organisation)) },
    { id: "keys", head: t("com.keys"), number: true, cell: (l) => num(l.keys) },
    { id: "call", head: t("com.by_call"), number: true, cell: (l) => yuan(l.call_fen) },
    { id: "month", head: t("com.by_month"), number: true, cell: (l) => yuan(l.month_fen) },
    { id: "sum", head: t("com.sum"), number: true, cell: (l) => yuan(l.call_fen + l.month_fen) },
  ];
  return (
    <section>
      <h2>{t("com.costs")}</h2>
      <p className="field narrow-field"><label htmlFor="cost-month">{t("com.month")}</label><input id="cost-month" type="month" value={month} onChange={(e) => e.target.value && setMonth(e.target.value)} /></p>
      {error ? <FailureNote error={error} /> : data && (data.lines.length ? (
        <>
          <Figures rows={[[t("com.sum"), yuan(data.fen)], [t("com.keys"), num(data.keys)]]} />
          <Table label={t("com.costs")} columns={columns} rows={data.lines} rowKey={(l) => `${l.resource} ${l.organisation ?? ""}`} />
          <p className="buttons">{(["csv", "xlsx"] as const).map((format) => <a key={format} className="file" href={licenceCostsFileUrl({ month, format, lang })} download><Icon name="download" />{t(`com.${format}`)}</a>)}</p>
        </>
      ) : <Empty text={t("com.no_costs")} />)}
    </section>
  );
}

export function Commercial() {
  const { t, tCode, pick, num, listed } = useText(commercial);
  const { can } = useSession();
  const { data } = useSuspenseQuery(financeCommercialQuery());
  const columns: Array<Column<CommercialItem>> = [
    { id: "item", head: t("com.item"), cell: (i) => <>{pick(i.title, i.title_en)}<span className="quiet">{pick(i.category_title, i.category_title_en)}</span></> },
    { id: "charged", head: t("com.charged"), cell: (i) => tCode("comcharge", i.charged) },
    { id: "state", head: t("com.state"), cell: (i) => <Badge tone={TONES[i.state] ?? ""}>{tCode("comstate", i.state)}</Badge> },
    { id: "terms", head: t("com.terms"), cell: (i) => <>{i.resource && <Link to={`/resources/${i.resource}`}>{i.resource}</Link>} {i.licence && <Terms of={i.licence} />}</> },
  ];
  const there = data.items.filter((i) => i.state !== "not_catalogued"), absent = data.items.filter((i) => i.state === "not_catalogued");
  const categories = [...new Map(absent.map((i) => [i.category, pick(i.category_title, i.category_title_en)]))];
  return (
    <>
      <p>{t("com.lead")}</p>
      {data.items.some((i) => i.basis === "reconstruction") && <Note tone="ask"><p>{t("com.reconstruction")}</p></Note>}
      <Figures rows={STATES.map((s): [string, string] => [tCode("comstate", s), num(data.counts[s])])} />
      {can("licence.costs") && <Costs />}
      <section>
        <h2>{t("com.there")}</h2>
        {there.length ? <Table label={t("com.there")} columns={columns} rows={there} rowKey={(i) => i.item} /> : <Empty text={t("com.there_none")} />}
      </section>
      {absent.length > 0 && (
        <section>
          <h2>{t("com.absent")}</h2>
          <DetailList rows={categories.map(([code, title]) => [title, listed(absent.filter((i) => i.category === code).map((i) => pick(i.title, i.title_en)))])} />
        </section>
      )}
    </>
  );
}

/* ---- on a resource's page ---- */

function TermsForm({ name, done }: { name: string; done: () => void }) {
  const { t, tCode } = useText(commercial);
  const refresh = useRefresh();
  const fen = (yuan: string): number => Math.round(Number(yuan || "0") * FEN);
  const send = async (value: (name: string) => string): Promise<void> => {
    const terms: LicenceTerms = {
      supplier: value("supplier"), modes: MODES.filter((m) => value(`mode-${m}`)), redistribution: PASSING.find((r) => r === value("redistribution")) ?? "forbidden",
      scenarios: value("scenarios").split(/[、，,]/).map((x) => x.trim()).filter(Boolean), from: value("from"), until: value("until"),
      call_fen: fen(value("call_fen")), month_fen: fen(value("month_fen")), budget_fen: fen(value("budget_fen")),
      ...(value("contract") ? { contract: value("contract") } : {}), ...(value("note") ? { note: value("note") } : {}),
    };
    await licencePut({ name }, terms);
    await refresh();
    done();
  };
  return (
    <Form submit={t("com.save")} act={send}>
      <Field id="supplier" label={t("com.supplier")} maxLength={200} />
      <Field id="contract" label={t("com.contract")} maxLength={200} required={false} />
      <fieldset className="ways"><legend>{t("com.modes")}</legend>{MODES.map((m) => <Tick key={m} id={`mode-${m}`} defaultChecked={m === "query" || m === "verify"}>{tCode("comuse", m)}</Tick>)}</fieldset>
      <Field id="scenarios" label={t("com.scenario_list")} hint={t("com.scenario_hint")} required={false} />
      <Choice id="redistribution" label={t("com.redistribution")} options={PASSING.map((r) => [r, tCode("compass", r)])} />
      <Field id="from" label={t("com.from")} type="date" />
      <Field id="until" label={t("com.to")} type="date" />
      {(["call_fen", "month_fen", "budget_fen"] as const).map((f) => <Field key={f} id={f} label={t(`com.${f}`)} inputMode="decimal" pattern="\d{1,9}(\.\d{1,2})?" maxLength={12} autoComplete="off" required={false} />)}
      <Field id="note" label={t("com.note")} maxLength={200} required={false} />
      <p className="quiet">{t("com.keeps")}</p>
    </Form>
  );
}

/** Nothing where the resource was not bought, except for who may say that it was. */
export function LicenceBox({ name }: { name: string }) {
  const { t, tCode } = useText(commercial);
  const { can } = useSession();
  const yuan = useMoney();
  const [editing, edit] = useState(false);
  const { data } = useSuspenseQuery(licenceShowQuery({ name }));
  const l = data.licence;
  if (!l && !can("licence.write")) return null;
  return (
    <section>
      <h2>{t("com.of_resource")}</h2>
      {l && <p><Badge tone={TONES[l.state] ?? ""}>{tCode("comstate", l.state)}</Badge> <Terms of={l} /></p>}
      {data.spent_fen !== null && <p className="quiet">{t("com.spent", { yuan: yuan(data.spent_fen) })} {l?.budget_fen !== null && l?.budget_fen !== undefined && data.spent_fen > l.budget_fen && <Badge tone="poor">{t("com.over_budget")}</Badge>}</p>}
      {can("licence.write") && (editing ? <TermsForm name={name} done={() => edit(false)} /> : <p className="buttons"><button type="button" onClick={() => edit(true)}>{t("com.edit")}</button></p>)}
    </section>
  );
}
