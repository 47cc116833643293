// Objections of the subject that is signed in: one is made where the wrong record stands, and followed here to its decision.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { meObjectionAct, meObjectionAdd, meObjectionsListQuery, type Item, type MeObjection, type SubjectGroup, type SubjectRecord } from "#api";
import meText from "../text/me";
import { useText } from "../text";
import { Badge, StatusTag } from "./badges";
import { DetailList } from "./facts";
import { Steps } from "./flow";
import { Area, Form, Tick } from "./form";
import { Empty, FailureNote, Note } from "./status";

const MOST = 100;
const REASON_MIN = 4;
const REASON_MAX = 2000;
const ITEMS_MAX = 20; // of one objection; none is the record as a whole

const isMine = (q: { queryKey: readonly unknown[] }): boolean => q.queryKey[0] === "me.objections.list";

export const useObjections = () => useQuery(meObjectionsListQuery({ limit: MOST }));

/** Under a record: what is wrong with it. */
export function ObjectTo({ group: g, record: r, items, followed }: { group: SubjectGroup; record: SubjectRecord; items: Item[]; followed(): void }) {
  const { t, pick } = useText(meText);
  const client = useQueryClient();
  const [made, setMade] = useState<MeObjection | null>(null);
  const id = `${g.resource}-${r.key.join("-")}`;
  const there = items.filter((i) => r.record[i.name] !== null && r.record[i.name] !== undefined);
  if (r.relation) return null; // another's record
  if (made) return <Note tone="fine" role="status"><p>{t("object.made", { id: made.id, provider: made.provider_name ?? made.provider })} <button type="button" className="linkish" onClick={followed}>{t("object.follow")}</button></p></Note>;
  return (
    <details className="object">
      <summary>{t("object.begin")}</summary>
      <Form submit={t("object.go")} act={async (value) => {
        const wrong = there.filter((i) => value(`${id}-${i.name}`)).map((i) => i.name).slice(0, ITEMS_MAX);
        const one = await meObjectionAdd({ resource: g.resource, key: r.key, reason: value(`${id}-reason`), ...(wrong.length && { items: wrong }) });
        await client.invalidateQueries({ predicate: isMine });
        setMade(one);
      }}>
        <p className="quiet">{t("object.what")}</p>
        <fieldset className="ways"><legend>{t("object.items")}</legend>{there.map((i) => <Tick key={i.name} id={`${id}-${i.name}`}>{pick(i.title, i.title_en)}</Tick>)}</fieldset>
        <Area id={`${id}-reason`} label={t("object.reason")} hint={t("object.reason_hint")} minLength={REASON_MIN} maxLength={REASON_MAX} />
      </Form>
    </details>
  );
}

function Card({ objection: o }: { objection: MeObjection }) {
  const { t, pick, day, when, listed } = useText(meText);
  const client = useQueryClient();
  return (
    <li className="panel">
      <p className="badges"><StatusTag of={o} />{o.decision && <Badge tone={o.decision === "correct" ? "good" : "fair"}>{t(`object.${o.decision}`)}</Badge>}</p>
      <h3>{pick(o.resource_title, o.resource_title_en)}</h3>
      <p>{o.reason}</p>
      <DetailList rows={[
        [t("object.id"), <code key="i">{o.id}</code>], [t("object.by"), o.provider_name ?? o.provider], [t("object.record"), o.key.join(" · ")],
        [t("object.items"), o.items.length ? listed(o.items.map((i) => pick(i.title ?? i.name, i.title_en))) : t("object.whole")],
        [t("object.due"), o.open && o.due && day(o.due)], [t("object.answer"), o.answer],
      ]} />
      {o.open && <p className="quiet">{t("object.marked")}</p>}
      {o.actions.length > 0 && (
        <details><summary>{t("object.act")}</summary>
          <Steps actions={o.actions} take={async ({ action, reason, legal_basis }) => {
            await meObjectionAct({ id: o.id }, { action, reason, legal_basis });
            await client.invalidateQueries({ predicate: isMine });
          }} />
        </details>
      )}
      <details open={o.open}>
        <summary>{t("object.progress")}</summary>
        <ol className="timeline">
          {o.progress.map((e) => (
            <li key={`${e.at} ${e.action}`}>
              <p><strong>{pick(e.title, e.title_en)}</strong><span className="quiet">{when(e.at)}</span></p>
              <p className="quiet">{pick(e.part_title, e.part_title_en)}</p>
              {e.reason && <p>{e.reason}</p>}
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}

export function MyObjections() {
  const { t } = useText(meText);
  const { data, error } = useObjections();
  if (!data) return error ? <FailureNote error={error} /> : <p className="quiet loading" role="status">{t("status.loading")}</p>;
  return data.items.length ? <ul className="candidates objections">{data.items.map((o) => <Card key={o.id} objection={o} />)}</ul> : <Empty text={t("object.none")} />;
}
