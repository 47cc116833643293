// What one's organisation may call: items, quotas and what is left of them, and how often it was called.
import { useSuspenseQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import { servicesListQuery, usageShowQuery, type Service, type UsageRow } from "#api";
import { Badge, Bar } from "../parts/badges";
import { Chart } from "../parts/chart";
import { Figures } from "../parts/facts";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import bank from "../text/bank";
import share from "../text/share";
import { useText } from "../text";

const DAYS = 30;
const DAY = 86_400_000;
const FULL = 0.8; // of a quota: time to think of the next

function Quota({ label, used, most }: { label: string; used: number; most: number }) {
  const { t, num } = useText(bank);
  const portion = most ? used / most : 0;
  return (
    <div className="quota">
      <p><span>{label}</span><span className="number">{most ? t("service.left", { used: num(used), most: num(most), left: num(Math.max(0, most - used)) }) : t("service.unlimited", { used: num(used) })}</span></p>
      {most > 0 && <Bar share={portion} tone={portion >= 1 ? "poor" : portion >= FULL ? "fair" : "good"} />}
    </div>
  );
}

function Card({ service: s }: { service: Service }) {
  const { t, tCode, pick, num, day } = useText(bank, share);
  const { orgName } = useNames();
  return (
    <li>
      <div className="card">
        <h2><Link to={`/services/${encodeURIComponent(s.made ? s.name : s.grant)}`}>{pick(s.title, s.title_en)}</Link></h2>
        <p className="provider">{orgName(s.provider)}</p>
        <p className="badges">{s.modes.map((m) => <Badge key={m}>{tCode("use", m)}</Badge>)}{s.consent && <Badge tone="fair">{t("apply.consent")}</Badge>}{s.made && <Badge tone="key">{t("service.made")}</Badge>}</p>
        <p className="quiet">{s.purpose} · {t("service.items", { n: num(s.items.length) })} · {t("service.until", { at: day(s.until) })}</p>
        <Quota label={t("service.today")} used={s.used_today} most={s.per_day} />
        <Quota label={t("service.total")} used={s.used} most={s.total} />
      </div>
    </li>
  );
}

/** Days without a call are days too. */
function everyDay(rows: UsageRow[], from: number): Array<[string, number, number]> {
  const known = new Map(rows.map((r) => [r.what?.slice(0, 10), r]));
  return Array.from({ length: DAYS }, (_, at) => {
    const name = new Date(from + (at + 1) * DAY).toISOString().slice(0, 10);
    return [name, known.get(name)?.calls ?? 0, known.get(name)?.refused ?? 0];
  });
}

export default function Services() {
  const { t, num, when } = useText(bank);
  const begin = useMemo(() => Math.floor(Date.now() / DAY) * DAY - DAYS * DAY, []);
  const from = new Date(begin + DAY).toISOString().slice(0, 10);
  const [{ data }, { data: usage }] = useSuspenseQueries({ queries: [servicesListQuery(), usageShowQuery({ by: "day", from })] });
  const rows = useMemo(() => everyDay(usage.items, begin), [usage, begin]);
  const option = useMemo(() => ({
    tooltip: { trigger: "axis" }, legend: {}, grid: { left: 8, right: 8, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: rows.map(([name]) => name.slice(5)) }, yAxis: { type: "value", minInterval: 1 },
    series: [{ type: "bar", stack: "calls", name: t("spent.calls"), data: rows.map((r) => r[1]) }, { type: "bar", stack: "calls", name: t("spent.refused"), data: rows.map((r) => r[2]) }],
  }), [rows, t]);
  return (
    <Page title={t("service.heading")} lead={t("service.lead")} help={t("service.help")}
      actions={<Link className="button" to="/applications/new">{t("service.apply")}</Link>}>
      {data.items.length ? <ul className="cards">{data.items.map((s) => <Card key={`${s.grant} ${s.name}`} service={s} />)}</ul> : <Empty text={t("service.none")} />}
      <section>
        <h2>{t("spent.heading")}</h2>
        <Figures rows={[[t("spent.calls"), num(usage.total.calls)], [t("spent.keys"), num(usage.total.keys)], [t("spent.records"), num(usage.total.records)], [t("spent.refused"), num(usage.total.refused)], [t("spent.last"), when(usage.total.last_at)]]} />
        <Chart title={t("spent.days", { n: DAYS })} option={option} heads={[t("spent.day"), t("spent.calls"), t("spent.refused")]} rows={rows} />
      </section>
    </Page>
  );
}
