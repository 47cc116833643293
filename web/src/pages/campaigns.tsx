// Campaigns of collection: how far each is by county, town and village, on the map and as a table to go down in; who collects where.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import {
  campaignAdd, campaignEnd, campaignProgressQuery, campaignsListQuery, collectDuties, collectDutiesQuery, collectEnd, collectGive, collectResourcesQuery, deliveriesListQuery, deliveryWorkbookUrl,
  resourceTemplateUrl, type Campaign, type CampaignPlace, type CollectDuty,
} from "#api";
import { useDark } from "../app/theme";
import { Badge, StateBadge } from "../parts/badges";
import { Chart } from "../parts/chart";
import { ConfirmDanger } from "../parts/confirm";
import { Choice, Field, Form } from "../parts/form";
import { Icon } from "../parts/icon";
import { orderOf, useHashList } from "../parts/list";
import { Page } from "../parts/page";
import { PlaceTiles } from "../parts/placetiles";
import { useRefresh } from "../parts/refresh";
import { Empty } from "../parts/status";
import { ServerTable, Table, type Column } from "../parts/table";
import { jian, onMap } from "../parts/tiles";
import { UploadBox } from "../parts/upload";
import { useSession } from "../session";
import collect from "../text/collect";
import { useText } from "../text";

const MAP = { name: "jian", shapes: jian };
const LISTED = 100;
const RECENT = 5;
const DUTY_ORDERS = ["account", "resource", "area", "given"] as const;

const shareOf = (p: CampaignPlace): number => (p.expected ? Math.min(1, p.collected / p.expected) : 0);

const labelOf = (p: CampaignPlace | undefined, percent: (n: number) => string): string => (p ? `${p.title ?? p.code}\n${percent(shareOf(p))}` : "");

function Counties({ places }: { places: CampaignPlace[] }) {
  const { t, percent } = useText(collect);
  const dark = useDark();
  const shown = useMemo(() => places.filter((p) => onMap(p.code)), [places]);
  const option = useMemo(() => ({
    aria: { enabled: true }, animation: false,
    visualMap: { show: false, min: 0, max: 1, inRange: { color: dark ? ["#1d3532", "#2c8f87"] : ["#e3efed", "#5fb8b0"] } },
    series: [{
      type: "map" as const, map: MAP.name, aspectScale: 1, roam: false, selectedMode: false as const, silent: true, layoutCenter: ["50%", "50%"], layoutSize: "98%",
      label: { show: true, color: dark ? "#e6ecea" : "#1c2624", fontSize: 11, formatter: ({ name }: { name: string }) => labelOf(shown.find((p) => p.code === name), percent) },
      data: shown.map((p) => ({ name: p.code, value: shareOf(p) })),
    }],
  }), [shown, dark, percent]);
  if (!shown.length) return null;
  return <Chart title={t("campaigns.map")} bare map={MAP} option={option} heads={[]} rows={[]} />;
}

function Progress({ campaign: c }: { campaign: Campaign }) {
  const { t, num, percent, lang } = useText(collect);
  const { can } = useSession();
  const [path, setPath] = useState<Array<{ code: string; title: string }>>([]);
  const within = path.at(-1)?.code;
  const { data } = useQuery(campaignProgressQuery({ id: c.id, ...(within ? { within } : {}) }));
  const places = data?.places ?? [];
  const columns: Array<Column<CampaignPlace>> = [
    { id: "place", head: t("campaigns.place"), cell: (p) => (p.leaf ? (p.title ?? p.code) : <button type="button" className="linkish" onClick={() => setPath([...path, { code: p.code, title: p.title ?? p.code }])}>{p.title ?? p.code}</button>) },
    { id: "expected", head: t("campaigns.expected"), number: true, cell: (p) => num(p.expected) },
    { id: "collected", head: t("campaigns.collected"), number: true, cell: (p) => num(p.collected) },
    { id: "share", head: t("campaigns.share"), number: true, cell: (p) => percent(shareOf(p)) },
    { id: "refused", head: t("campaigns.refused"), number: true, cell: (p) => num(p.refused) },
    { id: "late", head: t("campaigns.late"), number: true, cell: (p) => num(p.late) },
    { id: "done", head: t("campaigns.done"), number: true, cell: (p) => `${num(p.done)} / ${num(p.areas)}` },
    ...(can("delivery.write") ? [{ id: "template", head: t("campaigns.template"), cell: (p: CampaignPlace) => <a className="file" href={resourceTemplateUrl({ name: c.resource, area: p.code, known: true, lang })} download><Icon name="download" />{t("campaigns.template")}</a> }] : []),
  ];
  return (
    <section>
      <h2>{c.title} {c.overdue && <Badge tone="poor">{t("campaigns.overdue")}</Badge>}{c.ended_at && <Badge>{t("campaigns.ended")}</Badge>}</h2>
      <p className="quiet">{t("campaigns.span", { from: c.from, until: c.until })}</p>
      {path.length > 0 && <p className="crumb">{[{ code: "", title: t("campaigns.all") }, ...path].map((x, i) => <span key={x.code}>{i > 0 && <span aria-hidden="true"> › </span>}<button type="button" className="linkish" onClick={() => setPath(path.slice(0, i))}>{x.title}</button></span>)}</p>}
      {places.some((p) => onMap(p.code)) ? <Counties places={places} /> : places.length > 0 && (
        <>
          <PlaceTiles label={t("campaigns.tiles")} tiles={places.map((p) => ({ code: p.code, title: p.title ?? p.code, weight: Math.max(1, p.areas), share: shareOf(p), text: percent(shareOf(p)) }))}
            onOpen={places[0]!.leaf ? undefined : (code) => setPath([...path, { code, title: places.find((p) => p.code === code)?.title ?? code }])} />
          <p className="quiet">{t("campaigns.tiles_what")}{!places[0]!.leaf && t("campaigns.tiles_open")}</p>
        </>
      )}
      <Table label={t("campaigns.title")} columns={columns} rows={places} rowKey={(p) => p.code} />
      {can("delivery.write") && !c.ended_at && <Filled resource={c.resource} region={within ?? c.region} />}
    </section>
  );
}

/** Workbooks: taken for a place, filled in without a connection, handed in here; what is wrong comes back as the same workbook with comments. */
function Filled({ resource, region }: { resource: string; region: string }) {
  const { t, num, lang } = useText(collect);
  const { data: recent } = useQuery(deliveriesListQuery({ resource, limit: RECENT }));
  return (
    <section>
      <h3>{t("filled.title")}</h3>
      <ol className="steps-list">
        <li>{t("filled.take")} <a className="file" href={resourceTemplateUrl({ name: resource, area: region, known: true, lang })} download><Icon name="download" />{t("filled.here")}</a></li>
        <li>{t("filled.fill")}</li>
        <li>{t("filled.send")}</li>
        <li>{t("filled.back")}</li>
      </ol>
      <UploadBox resource={resource} />
      {recent && recent.items.length > 0 && (
        <>
          <h4>{t("filled.recent")}</h4>
          <ul className="checks">
            {recent.items.map((d) => (
              <li key={d.id}><StateBadge state={d.state} /><Link to={`/deliveries/${encodeURIComponent(d.id)}`}>{d.file_name}</Link>
                {!!d.quarantined && <>{t("filled.refused", { n: num(d.quarantined) })}{/\.xlsx$/i.test(d.file_name) && <a className="file" href={deliveryWorkbookUrl({ id: d.id, lang })} download><Icon name="download" />{t("filled.comments")}</a>}</>}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Start() {
  const { t, pick } = useText(collect);
  const { data: resources } = useSuspenseQuery(collectResourcesQuery());
  const refresh = useRefresh();
  if (!resources.length) return null;
  return (
    <details>
      <summary>{t("campaigns.start")}</summary>
      <Form submit={t("campaigns.start")} act={async (value, form) => {
        await campaignAdd({ resource: value("c-resource"), title: value("c-title"), region: value("c-region"), from: value("c-from"), until: value("c-until"), expected: Number(value("c-each")) });
        form.reset();
        await refresh();
      }}>
        <Choice id="c-resource" label={t("campaigns.resource")} options={resources.map((r) => [r.resource, pick(r.title, r.title_en)])} />
        <Field id="c-title" label={t("campaigns.name")} maxLength={200} />
        <Field id="c-region" label={t("campaigns.region")} hint={t("campaigns.region_hint")} maxLength={20} inputMode="numeric" />
        <Field id="c-from" label={t("campaigns.from")} type="date" />
        <Field id="c-until" label={t("campaigns.until")} type="date" />
        <Field id="c-each" label={t("campaigns.each")} type="number" min={0} max={1000000} defaultValue={0} />
      </Form>
    </details>
  );
}

function Who() {
  const { t, pick } = useText(collect);
  const list = useHashList("who", 20);
  const sort = orderOf(list, DUTY_ORDERS);
  const { data: page } = useSuspenseQuery(collectDutiesQuery({ sort, offset: list.offset, limit: list.limit }));
  const { data: resources } = useSuspenseQuery(collectResourcesQuery());
  const refresh = useRefresh();
  const columns: Array<Column<CollectDuty>> = [
    { id: "who", sort: "account", head: t("campaigns.account"), text: (d) => `${d.name} ${d.account}`, cell: (d) => <>{d.name}<span className="quiet">{d.account}</span></> },
    { id: "area", sort: "area", head: t("campaigns.place"), text: (d) => `${d.area} ${d.area_title ?? ""}`, cell: (d) => <span>{d.area_title} <span className="quiet">{d.area}</span></span> },
    { id: "resource", sort: "resource", head: t("campaigns.resource"), text: (d) => d.resource, cell: (d) => pick(d.resource_title, d.resource_title_en) },
    { id: "end", head: t("campaigns.take"), cell: (d) => <ConfirmDanger text={t("campaigns.take")} title={t("campaigns.take_ask")} what={t("campaigns.take_what", { name: d.name, area: d.area_title })}
      act={() => collectEnd({ account: d.account, resource: d.resource, area: d.area }).then(refresh)} /> },
  ];
  return (
    <section>
      <h2>{t("campaigns.who")}</h2>
      <ServerTable id="collectors" label={t("campaigns.who")} columns={columns} page={page} rowKey={(d) => `${d.account} ${d.resource} ${d.area}`} list={list}
        ask={(offset, limit) => collectDuties({ sort, offset, limit })} empty={<Empty text={t("campaigns.nobody")} />} />
      {resources.length > 0 && (
        <Form submit={t("campaigns.give")} act={async (value, form) => {
          await collectGive({ account: value("d-account"), resource: value("d-resource"), area: value("d-area") });
          form.reset();
          await refresh();
        }}>
          <Field id="d-account" label={t("campaigns.account")} maxLength={64} autoComplete="off" autoCapitalize="none" />
          <Choice id="d-resource" label={t("campaigns.resource")} options={resources.map((r) => [r.resource, pick(r.title, r.title_en)])} />
          <Field id="d-area" label={t("campaigns.area")} maxLength={20} inputMode="numeric" />
        </Form>
      )}
    </section>
  );
}

export default function CampaignsPage() {
  const { t } = useText(collect);
  const { can } = useSession();
  const refresh = useRefresh();
  const { data: list } = useSuspenseQuery(campaignsListQuery({ open: false, offset: 0, limit: LISTED }));
  const [chosen, setChosen] = useState<string | null>(() => new URLSearchParams(location.search).get("campaign"));
  const campaign = list.items.find((c) => c.id === chosen) ?? list.items[0];
  return (
    <Page title={t("campaigns.title")} lead={t("campaigns.lead")} help={t("campaigns.help")}>
      {list.items.length > 1 && <p className="field"><label htmlFor="campaign">{t("campaigns.choose")}</label>
        <select id="campaign" value={campaign!.id} onChange={(e) => setChosen(e.target.value)}>{list.items.map((c) => <option key={c.id} value={c.id}>{c.title}</option>)}</select></p>}
      {campaign ? <Progress key={campaign.id} campaign={campaign} /> : <Empty text={t("campaigns.none")} />}
      {campaign && !campaign.ended_at && can("collect.lead") && <p className="buttons"><ConfirmDanger text={t("campaigns.end")} title={t("campaigns.end_ask")} what={t("campaigns.end_what")} act={() => campaignEnd({ id: campaign.id }).then(refresh)} /></p>}
      {can("collect.lead") && <><Start /><Who /></>}
    </Page>
  );
}
