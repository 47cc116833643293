// The wall screen: the platform in figures for a whole room, asked for again every few seconds.  Every figure is of GET /v1/overview, and
// docs/guide/wall says which table each is counted from.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Link } from "react-router";
import { overviewShowQuery, type Overview, type OverviewEvent, type OverviewRegion } from "#api";
import { Chart } from "../parts/chart";
import { PageHelp } from "../parts/page";
import { jian, onMap } from "../parts/tiles";
import { Clock, Foremost, useDarkWall } from "../parts/wallparts";
import intake from "../text/intake";
import ops from "../text/ops";
import { useText } from "../text";

const REFRESH_MS = 5000;
const FOREMOST = 6;
const EVENTS = 7;
const MAP = { name: "jian", shapes: jian };
const BASE_PX = 16; // the root's size where charts have their own sizes
const LOW = "#16413f", HIGH = "#35b5aa", INK = "#e6f2f0", FAINT = "#9fb8b4", GRID = "#24403d";

/** How much larger than a desk's this screen writes. */
const scale = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / BASE_PX;

const PLAIN = { aria: { enabled: true, decal: { show: false } }, animation: false };

function Kpis({ of: o }: { of: Overview }) {
  const { t, num, percent } = useText(ops);
  const figures: Array<[label: string, value: string, more: string]> = [
    [t("wall.departments"), num(o.departments.connected), t("wall.of_registered", { n: num(o.departments.registered) })],
    [t("wall.resources"), num(o.resources.filled), t("wall.of_catalogued", { n: num(o.resources.catalogued) })],
    [t("wall.records"), num(o.records.total), o.records.uncounted ? t("wall.uncounted", { n: num(o.records.uncounted) }) : t("wall.rows_received", { n: num(o.deliveries.rows_received) })],
    [t("wall.interfaces"), num(o.interfaces.resources), t("wall.grants", { grants: num(o.interfaces.grants), consumers: num(o.interfaces.consumers) })],
    [t("wall.calls_today"), num(o.calls.today), t("wall.refused", { n: num(o.calls.refused_today) })],
    [t("wall.calls_total"), num(o.calls.total), t("wall.records_out", { n: num(o.calls.records_total) })],
    [t("wall.quality"), o.quality === null ? "–" : percent(o.quality), t("wall.quarantined", { n: num(o.records.quarantined) })],
    [t("wall.demands"), num(o.demands.open), t("wall.unmet", { n: num(o.demands.unmet) })],
  ];
  return <dl className="kpis">{figures.map(([label, value, more]) => <div key={label}><dt>{label}</dt><dd>{value}<small>{more}</small></dd></div>)}</dl>;
}

function CountyMap({ regions }: { regions: OverviewRegion[] }) {
  const { t, pick, num } = useText(ops);
  const drawn = useMemo(() => {
    const shown = regions.filter((r) => onMap(r.region));
    const named = new Map(shown.map((r) => [r.region, r]));
    const words = (code: string): string => {
      const r = named.get(code);
      return r ? `${pick(r.title, r.title_en)}\n${r.connected} / ${r.departments}` : "";
    };
    return {
      option: {
        ...PLAIN,
        tooltip: { show: false },
        visualMap: { show: false, min: 0, max: 1, inRange: { color: [LOW, HIGH] } },
        series: [{
          type: "map" as const, map: MAP.name, aspectScale: 1, roam: false, selectedMode: false as const, layoutCenter: ["50%", "50%"], layoutSize: "98%", silent: true,
          itemStyle: { borderColor: "#0b1614", borderWidth: 2, areaColor: LOW },
          label: { show: true, color: INK, fontSize: 15 * scale(), lineHeight: 20 * scale(), formatter: ({ name }: { name: string }) => words(name) },
          data: shown.map((r) => ({ name: r.region, value: r.departments ? r.connected / r.departments : 0 })),
        }],
      },
      heads: [t("wall.county"), t("wall.departments"), t("wall.registered"), t("wall.records")],
      rows: shown.map((r) => [pick(r.title, r.title_en), r.connected, r.departments, r.records]),
    };
  }, [regions, t, pick]);
  const city = regions.filter((r) => !onMap(r.region));
  return (
    <section className="wall-box map">
      <h2>{t("wall.map")}</h2>
      <Chart title={t("wall.map_label")} bare map={MAP} {...drawn} />
      <p className="quiet">{city.map((r) => t("wall.city", { title: pick(r.title, r.title_en), connected: num(r.connected), departments: num(r.departments), records: num(r.records) })).join(" ")}</p>
      <p className="quiet">{t("wall.schematic")}</p>
    </section>
  );
}

function Days({ of: o }: { of: Overview }) {
  const { t, day } = useText(ops);
  const drawn = useMemo(() => ({
    option: {
      ...PLAIN,
      color: [HIGH, "#f2b84b"],
      textStyle: { color: INK },
      grid: { left: 8, right: 12, top: 34 * scale(), bottom: 4, containLabel: true },
      legend: { top: 0, textStyle: { color: INK, fontSize: 13 * scale() } },
      xAxis: { type: "category" as const, data: o.days.map((d) => day(d.day)), axisLabel: { color: FAINT, fontSize: 13 * scale() }, axisLine: { lineStyle: { color: GRID } } },
      yAxis: { type: "value" as const, minInterval: 1, axisLabel: { color: FAINT, fontSize: 13 * scale() }, splitLine: { lineStyle: { color: GRID } } },
      series: [{ type: "bar" as const, stack: "n", barMaxWidth: 40 * scale(), name: t("usage.calls"), data: o.days.map((d) => d.calls) }, { type: "bar" as const, stack: "n", barMaxWidth: 40 * scale(), name: t("usage.refused"), data: o.days.map((d) => d.refused) }],
    },
    heads: [t("usage.day"), t("usage.calls"), t("usage.refused")],
    rows: o.days.map((d) => [d.day, d.calls, d.refused]),
  }), [o.days, t, day]);
  return <section className="wall-box"><h2>{t("wall.days")}</h2>{o.days.length ? <Chart title={t("wall.days")} bare {...drawn} /> : <p className="quiet">{t("wall.no_calls")}</p>}</section>;
}

function Feed({ events }: { events: OverviewEvent[] }) {
  const { t, tCode, pick, num, lang } = useText(ops, intake);
  const clock = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const said = (e: OverviewEvent): string => {
    const organisation = pick(e.organisation, e.organisation_en) || t("wall.platform");
    const resource = pick(e.resource, e.resource_en);
    if (e.kind === "call") return t("wall.event_call", { organisation, resource, n: num(e.n ?? 0) });
    if (e.kind === "delivery") return t("wall.event_delivery", { organisation, resource, state: tCode("state", e.state), n: num(e.n ?? 0) });
    return t("wall.event_flow", { organisation, kind: tCode("taskkind", e.kind), state: pick(e.state_title, e.state_title_en) });
  };
  return (
    <section className="wall-box feed">
      <h2>{t("wall.feed")}</h2>
      {events.length ? <ol>{events.slice(0, EVENTS).map((e, at) => <li key={`${e.at} ${at}`}><time dateTime={e.at ?? ""}>{e.at ? clock.format(new Date(e.at)) : ""}</time><span>{said(e)}</span></li>)}</ol> : <p className="quiet">{t("wall.no_events")}</p>}
    </section>
  );
}

export default function Wall() {
  const { t, pick, num, percent, when } = useText(ops);
  useDarkWall();
  const { data: o, isError } = useSuspenseQuery({ ...overviewShowQuery(), refetchInterval: REFRESH_MS, refetchIntervalInBackground: true });
  useEffect(() => {
    document.title = `${t("wall.title")} · ${t("brand")}`;
  }, [t]);
  const most = (rows: Array<{ calls: number }>): number => Math.max(1, ...rows.map((r) => r.calls));
  const calls = (rows: Overview["consumers"]) => rows.slice(0, FOREMOST).map((r) => ({ name: r.name, title: pick(r.title, r.title_en) || r.name, value: num(r.calls), share: r.calls / most(rows) }));
  return (
    <main id="main" className="wall" tabIndex={-1}>
      <header><h1>{t("wall.title")}</h1><PageHelp title={t("wall.title")} text={t("wall.help")} /><Clock /><Link to="/operations">{t("wall.leave")}</Link></header>
      <Kpis of={o} />
      <div className="wall-grid">
        <div><Foremost title={t("wall.consumers")} none={t("wall.no_calls")} rows={calls(o.consumers)} /><Foremost title={t("wall.used")} none={t("wall.no_calls")} rows={calls(o.used)} /></div>
        <div><CountyMap regions={o.regions} /><Days of={o} /></div>
        <div>
          <Foremost title={t("wall.ranking")} none={t("rank.none")} rows={o.sources.slice(0, FOREMOST).map((s) => ({ name: s.name, title: pick(s.title, s.title_en) || s.name, value: s.quality === null ? "–" : percent(s.quality), share: s.quality ?? 0 }))} />
          <Feed events={o.feed} />
        </div>
      </div>
      <footer role="status">{isError ? t("wall.stale", { time: when(o.at) }) : t("wall.source", { time: when(o.at) })}</footer>
    </main>
  );
}
