// A new application: which items of which resources, what for and by which right, how and how long.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { applicationMake, catalogueSearch, resourceShowQuery, type Resource, type ResourceCard } from "#api";
import { GradeBadge, ShareBadge } from "../parts/badges";
import { emptyBasket } from "../parts/basket";
import { Area, Field, Form, Tick, type Values } from "../parts/form";
import { Page } from "../parts/page";
import { FailureNote, failureText, Told } from "../parts/status";
import share from "../text/share";
import { useText } from "../text";

const MODES = ["query", "verify", "batch", "changes", "export", "subscribe"] as const;
const MASKED_FROM = 3; // items of this grade and above are masked unless asked for in the clear
const FOUND = 8;
const MOST = 1_000_000_000;

interface Chosen {
  resource: Resource;
  items: string[];
  plain: string[];
}

const flip = (list: string[], name: string, on: boolean): string[] => (on ? [...list, name] : list.filter((x) => x !== name));

function ChosenResource({ chosen: c, change, remove }: { chosen: Chosen; change(next: Chosen): void; remove(): void }) {
  const { t, pick } = useText(share);
  const { name, title, title_en, provider, items, share_type } = c.resource;
  return (
    <section className="panel">
      <h3>{pick(title, title_en)}<ShareBadge share={share_type} /></h3>
      <p className="quiet">{pick(provider.name, provider.name_en)}</p>
      <ul className="pick">
        {items.map((i) => (
          <li key={i.name}>
            <Tick id={`${name}-${i.name}`} checked={c.items.includes(i.name)} onChange={(e) => change({ ...c, items: flip(c.items, i.name, e.target.checked) })}>{pick(i.title, i.title_en)}</Tick>
            <GradeBadge grade={i.grade} />
            {i.grade >= MASKED_FROM && (
              <Tick id={`${name}-${i.name}-plain`} checked={c.plain.includes(i.name)} onChange={(e) => change({ ...c, plain: flip(c.plain, i.name, e.target.checked) })}>{t("apply.plain")}</Tick>
            )}
          </li>
        ))}
      </ul>
      <p className="buttons">
        <button type="button" className="plain" onClick={() => change({ ...c, items: items.map((i) => i.name) })}>{t("apply.take_all")}</button>
        <button type="button" className="plain" onClick={remove}>{t("apply.remove")}</button>
      </p>
    </section>
  );
}

function Finder({ add }: { add(name: string): Promise<void> }) {
  const { t, pick } = useText(share);
  const [q, setQ] = useState("");
  const [found, setFound] = useState<ResourceCard[] | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const search = (): void => {
    setProblem(null);
    catalogueSearch({ q, limit: FOUND }).then((page) => setFound(page.items)).catch(setProblem);
  };
  return (
    <>
      <div className="finder">
        <Field id="find" label={t("apply.find")} hint={t("apply.find_hint")} type="search" required={false} maxLength={100} autoComplete="off" value={q} onChange={(e) => setQ(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== "Enter") return;
            e.preventDefault(); // it searches, it does not send the form
            search();
          }} />
        <button type="button" className="plain" onClick={search}>{t("apply.search")}</button>
      </div>
      <ul className="found" aria-live="polite">
        {problem ? <li className="bad">{failureText(problem)}</li> : null}
        {found?.length === 0 && <li className="quiet">{t("apply.not_found")}</li>}
        {found?.map((r) => (
          <li key={r.name}>
            <span>{pick(r.title, r.title_en)}<span className="quiet">{pick(r.provider.name, r.provider.name_en)}</span></span><ShareBadge share={r.share_type} />
            <button type="button" className="plain" onClick={() => void add(r.name).catch(setProblem)}>{t("apply.add")}</button>
          </li>
        ))}
      </ul>
    </>
  );
}

export default function Apply() {
  const { t, tCode, pick } = useText(share);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [missing, setMissing] = useState<unknown>(null);

  async function add(name: string): Promise<void> {
    const resource = await client.fetchQuery(resourceShowQuery({ name }));
    const keys = resource.items.filter((i) => i.key !== null).map((i) => i.name);
    setChosen((now) => (now.some((c) => c.resource.name === name) ? now : [...now, { resource, items: keys, plain: [] }]));
  }

  useEffect(() => {
    for (const name of params.getAll("resource")) void add(name).catch(setMissing);
  }, []);

  async function send(value: Values): Promise<void> {
    if (!chosen.length) throw new Told(t("apply.need_resource"));
    for (const c of chosen) if (!c.items.length) throw new Told(t("apply.need_items", { title: pick(c.resource.title, c.resource.title_en) }));
    const modes = MODES.filter((m) => value(`mode-${m}`));
    if (!modes.length) throw new Told(t("apply.need_mode"));
    const given = <T,>(name: string, read: (text: string) => T) => (value(name) ? { [name]: read(value(name)) } : {});
    const demand = params.get("demand");
    const made = await applicationMake({
      resources: chosen.map((c) => `${c.resource.name}:${c.items.map((i) => (c.plain.includes(i) ? `=${i}` : i)).join(",")}`),
      purpose: value("purpose"), legal_basis: value("legal_basis"), modes: modes.join(" "), per_day: Number(value("per_day")), consent: value("consent") !== "",
      ...(demand && { demand }), ...given("title", String), ...given("scenario", String), ...given("networks", String), ...given("until", String),
      ...given("per_second", Number), ...given("total", Number),
    });
    emptyBasket();
    const [first] = made.items;
    await navigate(made.items.length === 1 && first ? `/applications/${encodeURIComponent(first.id)}` : `/applications?scene=${encodeURIComponent(first?.scene ?? "")}`);
  }

  const amount = { type: "number", min: 1, max: MOST, inputMode: "numeric" } as const;
  return (
    <Page title={t("apply.new")} lead={t("apply.new_lead")} back={["/applications", t("nav.applications")]} help={t("apply.help")}>
      {missing ? <FailureNote error={missing} /> : null}
      <Form submit={t("apply.send")} act={send}>
        <h2 className="step">{t("apply.step_what")}</h2>
        <Finder add={add} />
        <div className="chosen">
          {chosen.map((c, at) => (
            <ChosenResource key={c.resource.name} chosen={c} change={(next) => setChosen((now) => now.map((x, i) => (i === at ? next : x)))} remove={() => setChosen((now) => now.filter((_, i) => i !== at))} />
          ))}
        </div>
        <h2 className="step">{t("apply.step_why")}</h2>
        <Area id="purpose" label={t("flow.purpose")} hint={t("apply.purpose_hint")} minLength={2} maxLength={500} rows={2} />
        <Field id="title" label={t("apply.title")} hint={t("apply.title_hint")} required={false} maxLength={200} autoComplete="off" />
        <Field id="scenario" label={t("flow.scenario")} required={false} maxLength={100} autoComplete="off" />
        <Area id="legal_basis" label={t("flow.basis")} hint={t("flow.basis_hint")} maxLength={2000} rows={2} />
        <h2 className="step">{t("apply.step_how")}</h2>
        <fieldset className="ways"><legend>{t("apply.modes")}</legend>{MODES.map((m) => <Tick key={m} id={`mode-${m}`} defaultChecked={m === "query"}>{tCode("use", m)}</Tick>)}</fieldset>
        <div className="triple">
          <Field id="per_day" label={t("apply.per_day")} {...amount} />
          <Field id="per_second" label={t("apply.per_second")} required={false} {...amount} />
          <Field id="total" label={t("apply.total")} required={false} {...amount} />
        </div>
        <Field id="networks" label={t("apply.networks")} hint={t("apply.networks_hint")} required={false} maxLength={1000} autoComplete="off" />
        <Field id="until" label={t("apply.until")} hint={t("apply.until_hint")} type="date" required={false} />
        <Tick id="consent">{t("apply.consent_ask")}</Tick>
      </Form>
    </Page>
  );
}
