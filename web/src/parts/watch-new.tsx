// Registering subjects to be watched: one by a form, many by a file, with what is wrong row by row.
import { useState } from "react";
import { watchAdd, watchLoadUrl, type WatchLoaded } from "#api";
import { sendFile } from "#send";
import watch from "../text/watch";
import { useText } from "../text";
import { Field, Form } from "./form";
import { Note } from "./status";
import { Table, type Column } from "./table";
import { textOf } from "./textfile";

type Wrong = WatchLoaded["errors"][number];

function One({ done }: { done(): void }) {
  const { t } = useText(watch);
  const [made, setMade] = useState<number | null>(null);
  return (
    <details>
      <summary>{t("watch.new")}</summary>
      <Form submit={t("watch.add")} act={async (value, form) => {
        const reference = value("reference"), until = value("until");
        const one = await watchAdd({ subject: value("subject"), purpose: value("purpose"), ...(reference && { reference }), ...(until && { until }) });
        setMade(one.id);
        form.reset();
        done();
      }}>
        <Field id="subject" label={t("watch.subject")} hint={t("watch.subject_hint")} maxLength={18} autoComplete="off" />
        <Field id="reference" label={t("watch.reference")} hint={t("watch.reference_hint")} maxLength={64} required={false} autoComplete="off" />
        <Field id="purpose" label={t("watch.purpose")} maxLength={200} defaultValue={t("watch.purpose_default")} />
        <Field id="until" label={t("watch.until")} hint={t("watch.until_hint")} type="date" required={false} />
      </Form>
      {made !== null && <Note tone="fine" role="status"><p>{t("watch.added", { n: made })}</p></Note>}
    </details>
  );
}

function Many({ done }: { done(): void }) {
  const { t, num, pick } = useText(watch);
  const [loaded, setLoaded] = useState<WatchLoaded | null>(null);
  const columns: Array<Column<Wrong>> = [
    { id: "row", head: t("watch.row"), cell: (e) => num(e.row) },
    { id: "why", head: t("watch.reason"), cell: (e) => pick(e.zh, e.en) },
  ];
  return (
    <details>
      <summary>{t("watch.file")}</summary>
      <Form submit={t("watch.load")} act={async (value, form) => {
        const file = form.querySelector<HTMLInputElement>("#file")!.files![0]!;
        const until = value("file-until");
        setLoaded(await sendFile<WatchLoaded>(watchLoadUrl({ purpose: value("file-purpose"), ...(until && { until }) }), new Blob([await textOf(file)])));
        done();
      }}>
        <Field id="file" label="CSV" hint={t("watch.file_hint")} type="file" accept=".csv,text/csv" />
        <Field id="file-purpose" label={t("watch.purpose")} maxLength={200} defaultValue={t("watch.purpose_default")} />
        <Field id="file-until" label={t("watch.until")} hint={t("watch.until_hint")} type="date" required={false} />
      </Form>
      {loaded && (
        <Note tone={loaded.refused ? "ask" : "fine"} role="status">
          <p>{t("watch.loaded", { received: num(loaded.received), added: num(loaded.added), renewed: num(loaded.renewed), refused: num(loaded.refused) })}</p>
        </Note>
      )}
      {loaded && loaded.errors.length > 0 && <Table label={t("watch.errors")} columns={columns} rows={loaded.errors} rowKey={(e) => String(e.row)} />}
      {loaded && loaded.refused > loaded.errors.length && <p className="quiet">{t("watch.errors_more", { n: num(loaded.errors.length) })}</p>}
    </details>
  );
}

export const WatchNew = ({ done }: { done(): void }) => <div className="tasks"><One done={done} /><Many done={done} /></div>;
