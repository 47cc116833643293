// Rural households by county, town and village: how many there are and how much is known of them; the households of one village.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useMemo, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { ruralAreasQuery, ruralHouseholdsQuery, type RuralAreas } from "#api";
import { Chart } from "../parts/chart";
import { Figures } from "../parts/facts";
import { Page } from "../parts/page";
import { Pager } from "../parts/pager";
import { Empty, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { useSession } from "../session";
import rural from "../text/rural";
import { useText } from "../text";

type Area = RuralAreas["items"][number];

const VILLAGE = 12;
const PERCENT = 100;
const WIDEST = 64;
const PAGE = 50;
/** How many digits the code of the region above has. */
const ABOVE: Record<number, number> = { 6: 0, 9: 6, 12: 9 };

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
const share = (known: number, of: number): number => (of ? Math.round((PERCENT * known) / of) : 0);

function Completeness({ data }: { data: RuralAreas }) {
  const { t, pick } = useText(rural);
  const drawn = useMemo(() => {
    const households = sum(data.items.map((a) => a.households));
    const names = data.categories.map((c) => pick(c.title, c.title_en));
    const shares = data.categories.map((c, at) => share(sum(data.items.map((a) => a.known[at] ?? 0)), households * c.items));
    return {
      option: {
        grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        xAxis: { type: "value" as const, max: PERCENT },
        yAxis: { type: "category" as const, inverse: true, data: names },
        series: [{ type: "bar" as const, barMaxWidth: WIDEST, name: t("rural.share"), data: shares, label: { show: true, position: "right" as const } }],
      },
      heads: [t("rural.complete_of"), t("rural.share")],
      rows: names.map((name, at) => [name, shares[at] ?? 0]),
    };
  }, [data, t, pick]);
  return <div className="panel spaced"><Chart title={t("rural.complete_of")} {...drawn} /></div>;
}

function Areas({ data, onOpen }: { data: RuralAreas; onOpen(code: string): void }) {
  const { t, num } = useText(rural);
  const { can } = useSession();
  const items = sum(data.categories.map((c) => c.items));
  const columns: Array<Column<Area>> = [
    {
      id: "title", head: t("rural.area"),
      cell: (a) => (a.code.length < VILLAGE || can("rural.look") ? <button type="button" className="plain small" onClick={() => onOpen(a.code)}>{a.title}</button> : a.title),
    },
    { id: "households", head: t("rural.households"), number: true, cell: (a) => num(a.households) },
    { id: "members", head: t("rural.members"), number: true, cell: (a) => num(a.members) },
    { id: "complete", head: t("rural.complete"), number: true, cell: (a) => `${share(sum(a.known), a.households * items)} %` },
  ];
  return data.items.length ? <Table label={t("rural.area")} columns={columns} rows={data.items} rowKey={(a) => a.code} /> : <Empty text={t("rural.no_areas")} />;
}

function Village({ code }: { code: string }) {
  const { t, num } = useText(rural);
  const [offset, setOffset] = useState(0);
  const { data } = useSuspenseQuery(ruralHouseholdsQuery({ village: code, offset, limit: PAGE }));
  const columns: Array<Column<(typeof data.items)[number]>> = [
    { id: "no", head: t("rural.no"), cell: (h) => <Link to={`/rural/${encodeURIComponent(h.household_no)}`}>{h.household_no}</Link>, whole: true },
    { id: "head", head: t("rural.head"), cell: (h) => h.head_name },
    { id: "members", head: t("rural.members"), number: true, cell: (h) => num(h.members) },
    { id: "known", head: t("rural.known"), number: true, cell: (h) => t("rural.known_of", { known: h.known, of: h.of }) },
  ];
  return (
    <section>
      <h2>{t("rural.village", { code })}</h2>
      <p className="quiet">{t("rural.looked")}</p>
      <Table label={t("rural.households")} columns={columns} rows={data.items} rowKey={(h) => h.household_no} />
      <Pager total={data.total} offset={data.offset} limit={data.limit} onTurn={setOffset} />
    </section>
  );
}

function Find() {
  const { t } = useText(rural);
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  return (
    <form className="search" role="search" onSubmit={(e) => { e.preventDefault(); if (typed.trim()) void navigate(`/rural/${encodeURIComponent(typed.trim())}`); }}>
      <input aria-label={t("rural.no")} placeholder={t("rural.find")} value={typed} maxLength={40} onChange={(e) => setTyped(e.target.value)} />
      <button type="submit">{t("rural.show")}</button>
    </form>
  );
}

export default function RuralPage() {
  const { t, num, day } = useText(rural);
  const { can } = useSession();
  const [params, setParams] = useSearchParams();
  const within = params.get("within") ?? "";
  const village = within.length === VILLAGE;
  const { data } = useSuspenseQuery(ruralAreasQuery({ within: village ? within.slice(0, ABOVE[VILLAGE]) : within }));
  const up = within ? within.slice(0, ABOVE[within.length] ?? 0) : null;
  return (
    <Page title={t("nav.rural")} lead={t("rural.lead")} help={t("rural.help")}>
      {data.basis === "reconstruction" && <Note tone="ask"><p>{t("rural.reconstruction")}</p></Note>}
      {can("rural.look") ? <Find /> : <p className="quiet">{t("rural.no_look")}</p>}
      {data.day === null ? <Empty text={t("rural.none")} /> : (
        <>
          <Figures rows={[
            [t("rural.households"), num(sum(data.items.map((a) => a.households)))],
            [t("rural.members"), num(sum(data.items.map((a) => a.members)))],
            [t("rural.day", { day: "" }), day(data.day)],
          ]} />
          {up !== null && (
            <nav className="spaced" aria-label={t("rural.path")}>
              <button type="button" className="plain small" onClick={() => setParams(up ? { within: up } : {})}>← {up || t("rural.all")}</button>
            </nav>
          )}
          {village && can("rural.look") ? <Suspense fallback={null}><Village code={within} key={within} /></Suspense> : (
            <>
              <Areas data={data} onOpen={(code) => setParams({ within: code })} />
              {data.items.length > 0 && <Completeness data={data} />}
            </>
          )}
        </>
      )}
    </Page>
  );
}
