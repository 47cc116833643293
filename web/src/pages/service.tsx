// One service: its items, a try-out in the page, the same call as a program, and an export of everything that the grant gives.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { exportAsk, resourceShowQuery, servicesListQuery, type ExportAsk, type Resource, type Service } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Choice, Field, Form } from "../parts/form";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { fillIn, samples } from "../parts/samples";
import { Empty } from "../parts/status";
import { TryOut } from "../parts/tryout";
import { useSession } from "../session";
import bank from "../text/bank";
import share from "../text/share";
import { useText } from "../text";

const FORMATS: Array<ExportAsk["format"]> = ["csv", "jsonl", "xlsx", "parquet"];

function Items({ service: s }: { service: Service }) {
  const { t } = useText(bank);
  const { itemTitle } = useNames([s.resource]);
  return (
    <ul className="scope asked">
      {s.items.map((i) => <li key={i.name}><span>{itemTitle(s.resource, i.name)} <code>{i.name}</code></span>{i.key && <Badge tone="key">{t("service.key")}</Badge>}{i.masked && <Badge tone="fair">{t("service.masked")}</Badge>}</li>)}
    </ul>
  );
}

function Samples({ service: s, resource }: { service: Service; resource: Resource }) {
  const { t } = useText(bank);
  const [at, setAt] = useState(0);
  const [client, setClient] = useState("my-system");
  const [copied, setCopied] = useState(false);
  const keys = resource.items.filter((i) => i.key !== null).sort((a, b) => a.key! - b.key!);
  const body = { key: keys.map((k) => k.name.toUpperCase()), items: s.items.map((i) => i.name), grant: s.grant, purpose: s.purpose };
  const text = fillIn(samples[at]!, { base: location.origin, client, service: s.name, body });
  return (
    <section id="samples">
      <h2>{t("sample.heading")}</h2>
      <p className="quiet">{t("sample.lead", { keys: keys.map((k) => k.name.toUpperCase()).join(", ") })}</p>
      <p className="field"><label htmlFor="sample-client">{t("sample.client")}</label><input id="sample-client" value={client} maxLength={64} autoComplete="off" onChange={(e) => setClient(e.target.value.replace(/[^A-Za-z0-9._-]/g, ""))} /></p>
      <p className="buttons" role="group" aria-label={t("sample.language")}>
        {samples.map((x, n) => <button key={x.file} type="button" className="plain small" aria-pressed={n === at} onClick={() => { setAt(n); setCopied(false); }}>{x.name}</button>)}
        <button type="button" className="plain small" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>{t(copied ? "sample.copied" : "sample.copy")}</button>
      </p>
      <pre className="code" tabIndex={0} role="region" aria-label={samples[at]!.file}>{text}</pre>
    </section>
  );
}

function ExportNew({ service: s }: { service: Service }) {
  const { t, tCode } = useText(bank);
  const navigate = useNavigate();
  return (
    <section>
      <h2>{t("export.ask")}</h2>
      <p className="quiet">{t("export.what")}</p>
      <Form submit={t("export.go")} act={async (value) => {
        const officer = value("export-officer");
        await exportAsk({ name: s.name }, { format: value("export-format") as ExportAsk["format"], grant: s.grant, ...(officer && { officer }) });
        await navigate("/exports");
      }}>
        <Choice id="export-format" label={t("export.format")} options={FORMATS.map((f) => [f, tCode("format", f)])} />
        <Field id="export-officer" label={t("try.officer")} hint={t("try.officer_hint")} required={false} maxLength={64} autoComplete="off" />
      </Form>
    </section>
  );
}

function Whole({ service: s }: { service: Service }) {
  const { t, tCode, pick, num, day, listed } = useText(bank, share);
  const { can } = useSession();
  const { orgName } = useNames();
  const { data: resource } = useSuspenseQuery(resourceShowQuery({ name: s.resource }));
  return (
    <Page title={pick(s.title, s.title_en)} lead={s.purpose} back={["/services", t("nav.services")]} help={t("service.help")}>
      <div className="columns">
        <div className="wide">
          <section><h2>{t("try.heading")}</h2><TryOut service={s} resource={resource} /></section>
          <Samples service={s} resource={resource} />
          {can("export.ask") && s.modes.includes("export") && <ExportNew service={s} />}
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("service.name"), <code key="n">{s.name}</code>], [t("service.version"), num(s.version)], [t("apply.provider"), orgName(s.provider)], [t("service.grant"), <Link key="g" to={`/grants/${encodeURIComponent(s.grant)}`}>{s.grant}</Link>],
              [t("apply.modes"), listed(s.modes.map((m) => tCode("use", m)))], [t("grant.until"), day(s.until)], [t("apply.per_second"), s.per_second && num(s.per_second)],
              [t("service.today"), s.per_day ? `${num(s.used_today)} / ${num(s.per_day)}` : num(s.used_today)], [t("service.total"), s.total ? `${num(s.used)} / ${num(s.total)}` : num(s.used)],
            ]} />
          </section>
          <section><h2>{t("apply.items")}</h2><Items service={s} /></section>
        </div>
      </div>
    </Page>
  );
}

export default function ServicePage() {
  const id = useParams()["id"]!;
  const { t } = useText(bank);
  const { data } = useSuspenseQuery(servicesListQuery());
  const service = data.items.find((s) => (s.made ? s.name : s.grant) === id);
  if (service) return <Whole service={service} />;
  return <Page title={t("service.gone")} back={["/services", t("nav.services")]}><Empty text={t("service.gone_what")} /></Page>;
}
