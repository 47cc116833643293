// Credit repairs of the subject that is signed in: asked for where the record stands, proved with scans, handed in, and followed here to the decision.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { meRepairAct, meRepairAdd, meRepairAttachUrl, meRepairsListQuery, type MeRepair, type SubjectGroup, type SubjectRecord } from "#api";
import { sendFile } from "#send";
import meText from "../text/me";
import { useText } from "../text";
import { Badge, StatusTag } from "./badges";
import { DetailList } from "./facts";
import { Steps } from "./flow";
import { Area, Field, Form } from "./form";
import { FailureNote, Note, Told } from "./status";

const MOST = 100;
const TEXT_MIN = 4;
const TEXT_MAX = 2000;
const LEVEL = "dishonesty_level"; // an item that only records of dishonesty have

const isMine = (q: { queryKey: readonly unknown[] }): boolean => q.queryKey[0] === "me.repairs.list";

export const useRepairs = () => useQuery(meRepairsListQuery({ limit: MOST }));

/** Under a record of dishonesty: what was done about it. */
export function RepairOf({ group: g, record: r, followed }: { group: SubjectGroup; record: SubjectRecord; followed(): void }) {
  const { t } = useText(meText);
  const client = useQueryClient();
  const [made, setMade] = useState<MeRepair | null>(null);
  const id = `repair-${g.resource}-${r.key.join("-")}`;
  if (r.relation || !r.record[LEVEL]) return null;
  if (made) return <Note tone="fine" role="status"><p>{t("mend.made", { id: made.id })} <button type="button" className="linkish" onClick={followed}>{t("mend.follow")}</button></p></Note>;
  return (
    <details className="object">
      <summary>{t("mend.begin")}</summary>
      <Form submit={t("mend.go")} act={async (value) => {
        const one = await meRepairAdd({ resource: g.resource, key: r.key, statement: value(`${id}-statement`), commitment: value(`${id}-commitment`) });
        await client.invalidateQueries({ predicate: isMine });
        setMade(one);
      }}>
        <p className="quiet">{t("mend.what")}</p>
        <Area id={`${id}-statement`} label={t("mend.statement")} minLength={TEXT_MIN} maxLength={TEXT_MAX} />
        <Area id={`${id}-commitment`} label={t("mend.commitment")} minLength={TEXT_MIN} maxLength={TEXT_MAX} />
      </Form>
    </details>
  );
}

function Proof({ of: r }: { of: MeRepair }) {
  const { t } = useText(meText);
  const client = useQueryClient();
  const id = `proof-${r.id}`;
  return (
    <Form submit={t("mend.attach")} act={async (_, form) => {
      const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
      if (!file) throw new Told(t("mend.proof"));
      await sendFile(meRepairAttachUrl({ id: r.id, name: file.name }), file);
      form.reset();
      await client.invalidateQueries({ predicate: isMine });
    }}>
      <Field id={id} label={t("mend.proof")} hint={t("mend.proof_hint")} type="file" accept=".pdf,.png,.jpg,.jpeg" />
    </Form>
  );
}

function Card({ repair: r }: { repair: MeRepair }) {
  const { t, pick, day, when } = useText(meText);
  const client = useQueryClient();
  const draft = r.actions.some((a) => a.action === "submit");
  return (
    <li className="panel">
      <p className="badges"><StatusTag of={r} />{r.decision && <Badge tone={r.decision === "repair" ? "good" : "fair"}>{t(`mend.${r.decision}`)}</Badge>}</p>
      <h3>{pick(r.resource_title, r.resource_title_en)}</h3>
      <p>{r.statement}</p>
      <DetailList rows={[
        [t("object.id"), <code key="i">{r.id}</code>], [t("object.by"), r.provider_name ?? r.provider], [t("object.record"), r.key.join(" · ")],
        [t("mend.commitment"), r.commitment], [t("mend.proofs"), r.attachments.map((a) => a.name).join(" · ")],
        [t("object.due"), r.due && day(r.due)], [t("object.answer"), r.answer],
      ]} />
      {draft && <Proof of={r} />}
      {r.actions.length > 0 && (
        <Steps actions={r.actions} take={async ({ action, reason, legal_basis }) => {
          await meRepairAct({ id: r.id }, { action, reason, legal_basis });
          await client.invalidateQueries({ predicate: isMine });
        }} />
      )}
      <details>
        <summary>{t("object.progress")}</summary>
        <ol className="timeline">
          {r.progress.map((e) => (
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

export function MyRepairs() {
  const { t } = useText(meText);
  const { data, error } = useRepairs();
  if (error) return <FailureNote error={error} />;
  if (!data?.items.length) return null;
  return (
    <section>
      <h2>{t("mend.title")}</h2>
      <ul className="candidates objections">{data.items.map((r) => <Card key={r.id} repair={r} />)}</ul>
    </section>
  );
}
