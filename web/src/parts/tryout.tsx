// A service tried from the page, with the session of whoever is signed in: a real call, journalled and counted like any other.
import { useState } from "react";
import { journalProofUrl, serviceQuery, serviceVerify, type Receipt, type Resource, type Service, type ServiceAnswer, type ServiceRecord, type ServiceVerdict } from "#api";
import bank from "../text/bank";
import share from "../text/share";
import { useText } from "../text";
import { Badge } from "./badges";
import { DetailList } from "./facts";
import { Choice, Field, Form } from "./form";
import { Empty, Note } from "./status";
import { written, type Value } from "./value";

const VALUE_MAX = 200;
const tones: { [status: string]: string } = { present: "good", match: "good", found: "good", masked: "fair", disputed: "poor", mismatch: "poor", absent: "quietly", not_granted: "quietly", source_late: "fair" };

function State({ status }: { status: string }) {
  const { tCode } = useText(bank);
  return <Badge tone={tones[status] ?? ""}>{tCode("value", status)}</Badge>;
}

function Record({ record: r, title }: { record: ServiceRecord; title(item: string): string }) {
  const text = useText(bank);
  const { t, when, num } = text;
  return (
    <div className="panel">
      <p className="quiet">{t("try.batch", { n: num(r.batch), at: when(r.published_at) })}</p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("try.result")}>
        <table className="stack">
          <thead><tr><th scope="col">{t("try.item")}</th><th scope="col">{t("try.value")}</th><th scope="col">{t("try.state")}</th></tr></thead>
          <tbody>{Object.entries(r.values).map(([item, v]) => <tr key={item}><th scope="row">{title(item)}</th><td data-label={t("try.value")}>{written((v.value ?? null) as Value, null, text)}</td><td data-label={t("try.state")}><State status={v.status} /></td></tr>)}</tbody>
        </table>
      </div>
    </div>
  );
}

function ReceiptNote({ receipt: r }: { receipt: Receipt }) {
  const { t, num } = useText(bank);
  return (
    <section>
      <h3>{t("try.receipt")}</h3>
      <DetailList rows={[[t("try.entry"), <span key="e">{num(r.index)} <a href={journalProofUrl({ index: r.index })}>{t("try.proof")}</a></span>], [t("try.size"), num(r.tree_size)], [t("try.leaf"), <code key="l">{r.leaf}</code>]]} />
    </section>
  );
}

type Answer = { query: ServiceAnswer; verify?: undefined } | { verify: ServiceVerdict; query?: undefined };

export function Result({ answer, title }: { answer: Answer; title(item: string): string }) {
  const { t, when } = useText(bank);
  const whole = answer.query ?? answer.verify;
  const records = answer.query?.result.records ?? [];
  return (
    <section className="answer" role="status">
      <h3>{t("try.result")} <State status={whole.result.status} /></h3>
      {whole.source.late && <Note tone="ask"><p>{t("try.late", { at: when(whole.source.published_at) })}</p></Note>}
      {records.map((r, at) => <Record key={at} record={r} title={title} />)}
      {answer.query?.result.more && <p className="quiet">{t("try.more")}</p>}
      {answer.verify?.result.items && <ul className="checks">{Object.entries(answer.verify.result.items).map(([item, status]) => <li key={item}><State status={status} /><span>{title(item)}</span></li>)}</ul>}
      {whole.result.status === "absent" && <Empty text={t("try.absent")} />}
      <ReceiptNote receipt={whole.receipt} />
    </section>
  );
}

export function TryOut({ service: s, resource }: { service: Service; resource: Resource }) {
  const { t, tCode, pick } = useText(bank, share);
  const modes = ["query", "verify"].filter((m) => s.modes.includes(m));
  const [mode, setMode] = useState(modes[0] ?? "");
  const [by, setBy] = useState("subject");
  const [answer, setAnswer] = useState<Answer | null>(null);
  const keys = resource.items.filter((i) => i.key !== null).sort((a, b) => a.key! - b.key!);
  const title = (name: string): string => {
    const i = resource.items.find((x) => x.name === name);
    return pick(i?.title ?? name, i?.title_en);
  };
  if (!mode) return <Empty text={t("try.no_mode")} />;

  return (
    <>
      <Note tone="ask"><p>{t("try.real")}</p></Note>
      <div className="pair" onChange={(e) => {
        const { name, value } = e.target as unknown as HTMLSelectElement;
        (name === "try-mode" ? setMode : setBy)(value);
        setAnswer(null);
      }}>
        <Choice id="try-mode" label={t("apply.modes")} options={modes.map((m) => [m, tCode("use", m)])} />
        <Choice id="try-by" label={t("try.by")} options={[["subject", t("try.subject")], ["key", t("try.key")]]} chosen={by} />
      </div>
      <Form key={`${mode} ${by}`} submit={t("try.go")} act={async (value) => {
        const officer = value("try-officer");
        const ask = { grant: s.grant, ...(officer && { officer }), ...(by === "key" ? { key: keys.map((k) => value(`try-key-${k.name}`)) } : { subject: value("try-subject") }) };
        setAnswer(null);
        if (mode === "query") return setAnswer({ query: await serviceQuery({ name: s.name }, ask) });
        const values = Object.fromEntries(s.items.map((i): [string, string] => [i.name, value(`try-value-${i.name}`)]).filter(([, v]) => v));
        setAnswer({ verify: await serviceVerify({ name: s.name }, { ...ask, values }) });
      }}>
        {by === "key"
          ? keys.map((k) => <Field key={k.name} id={`try-key-${k.name}`} label={pick(k.title, k.title_en)} maxLength={VALUE_MAX} autoComplete="off" />)
          : <Field id="try-subject" label={t("try.subject")} hint={t("try.subject_hint")} maxLength={64} autoComplete="off" />}
        {mode === "verify" && (
          <fieldset className="ways">
            <legend>{t("try.values")}</legend>
            {s.items.map((i) => <Field key={i.name} id={`try-value-${i.name}`} label={title(i.name)} required={false} maxLength={VALUE_MAX} autoComplete="off" />)}
          </fieldset>
        )}
        <Field id="try-officer" label={t("try.officer")} hint={t("try.officer_hint")} required={false} maxLength={64} autoComplete="off" />
      </Form>
      {answer && <Result answer={answer} title={title} />}
    </>
  );
}
