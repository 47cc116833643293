// What the applicant says of the household, item by item, against the sources: whether it agrees, from whom and as of when, never a value.
import { useState } from "react";
import { ruralCheck, type Grant, type RuralChecked, type RuralProspect } from "#api";
import type { Who } from "../pages/ruralreport";
import rural from "../text/rural";
import ruralreport from "../text/ruralreport";
import { useText } from "../text";
import { Badge } from "./badges";
import { Choice, Field, Form } from "./form";
import { Empty, Note, Told } from "./status";
import { Table, type Column } from "./table";

type Item = RuralProspect["sections"][number]["items"][number];
type Result = RuralChecked["items"][number];

const LONGEST = 500;
const TONES: Record<string, string> = { match: "good", differ: "poor", out_of_date: "fair" };

/** Whether a grant gives what the item is made of. */
const granted = (item: Item, grants: Grant[]): boolean => item.sources.some((s) => grants.some((g) => g.resource === s.resource && (!g.items.length || g.items.some((i) => i.item === s.item))));

function Claim({ item: x }: { item: Item }) {
  const { t, pick } = useText(ruralreport);
  const id = `claim-${x.code}`, label = pick(x.title, x.title_en) + (x.unit ? `（${x.unit}）` : "");
  if (x.type === "boolean") return <Choice id={id} label={label} options={[["", "–"], ["true", t("yes")], ["false", t("no")]]} />;
  if (x.codes.length) return <Choice id={id} label={label} options={[["", "–"], ...x.codes.map((c): [string, string] => [c.code, pick(c.title, c.title_en)])]} />;
  const number = x.type === "decimal" || x.type === "integer";
  return <Field id={id} label={label} required={false} maxLength={LONGEST} autoComplete="off" type={x.type === "date" ? "date" : "text"} inputMode={number ? "decimal" : undefined} />;
}

function Results({ checked, claims }: { checked: RuralChecked; claims: Record<string, string> }) {
  const { t, tCode, pick, when, num } = useText(ruralreport, rural);
  const columns: Array<Column<Result>> = [
    { id: "item", head: t("household.item"), cell: (x) => <>{pick(x.title, x.title_en)} <span className="quiet">{x.code}</span></> },
    { id: "claim", head: t("rr.claimed"), cell: (x) => claims[x.code] ?? "" },
    { id: "result", head: t("rr.result"), cell: (x) => (
      <span><Badge tone={TONES[x.result] ?? "quietly"}>{tCode("result", x.result)}</Badge>{x.result === "out_of_date" && x.agrees !== null && <span className="quiet">{t(x.agrees ? "rr.agreed" : "rr.disagreed")}</span>}
        {(x.state === "conflicting" || x.state === "disputed") && <Badge tone="fair">{tCode("state", x.state)}</Badge>}</span>
    ) },
    { id: "source", head: t("household.source"), cell: (x) => x.provider_name ?? "–" },
    { id: "as_of", head: t("rr.fresh"), cell: (x) => (x.resource ? <div>{x.as_of || "–"} {x.published_at && <span className="quiet">{t("household.published", { when: when(x.published_at) })}</span>}</div> : "–") },
  ];
  const count = (result: string): number => checked.items.filter((x) => x.result === result).length;
  if (checked.status !== "checked") return <Empty text={t("rr.not_found")} />;
  return (
    <div role="status">
      <p className="badges">
        <Badge tone="good">{t("rr.n_match", { n: num(count("match")) })}</Badge><Badge tone="poor">{t("rr.n_differ", { n: num(count("differ")) })}</Badge>
        <Badge tone="fair">{t("rr.n_other", { n: num(checked.items.length - count("match") - count("differ")) })}</Badge>
      </p>
      <Table label={t("rr.results")} columns={columns} rows={checked.items} rowKey={(x) => x.code} />
      {checked.receipt && <p className="quiet">{t("rr.noted", { n: num(checked.receipt.index) })}</p>}
    </div>
  );
}

export function RuralCheck({ who, prospect, grants }: { who: Who; prospect: RuralProspect; grants: Grant[] }) {
  const { t, pick, num } = useText(ruralreport);
  const [done, setDone] = useState<{ checked: RuralChecked; claims: Record<string, string> } | null>(null);
  const sections = prospect.sections.map((s) => ({ ...s, items: s.items.filter((x) => granted(x, grants)) })).filter((s) => s.items.length);
  if (!sections.length) return <Note><p>{t("rr.nothing_granted")}</p></Note>;
  return (
    <>
      <p className="quiet">{t("rr.check_lead")}</p>
      <Form submit={t("rr.check_go")} act={async (value) => {
        setDone(null);
        const claims = Object.fromEntries(sections.flatMap((s) => s.items).map((x) => [x.code, value(`claim-${x.code}`)]).filter(([, said]) => said));
        if (!Object.keys(claims).length) throw new Told(t("rr.no_claims"));
        setDone({ checked: await ruralCheck({ ...who, claims }), claims });
      }}>
        {sections.map((s) => (
          <details key={s.code} className="claims">
            <summary>{pick(s.title, s.title_en)} <span className="quiet">{t("rr.items", { n: num(s.items.length) })}</span></summary>
            <div className="triple">{s.items.map((x) => <Claim key={x.code} item={x} />)}</div>
          </details>
        ))}
      </Form>
      {done && <Results {...done} />}
    </>
  );
}
