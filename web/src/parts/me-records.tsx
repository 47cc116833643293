// What the departments have on record of the subject that is signed in.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meRecordsQuery, meReportUrl } from "#api";
import { fetchFile } from "#send";
import meText from "../text/me";
import subject from "../text/subject";
import { lang, useText } from "../text";
import { saveFile } from "./csv";
import { DetailList } from "./facts";
import { Icon } from "./icon";
import { ObjectTo } from "./me-objections";
import { RepairOf } from "./me-repairs";
import { Departments } from "./records";
import { Empty, FailureNote } from "./status";

/** A file of one's own: the sign-in goes in a header, which a link cannot send. */
function Report() {
  const { t } = useText(meText);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  async function take(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      saveFile("report.pdf", await fetchFile(meReportUrl({ format: "pdf", lang: lang() })), "application/pdf");
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <section className="panel">
      <p className="quiet">{t("held.report_what")}</p>
      {problem ? <FailureNote error={problem} /> : null}
      <p className="buttons"><button type="button" className="plain" disabled={busy} aria-busy={busy} onClick={() => void take()}><Icon name="download" />{t("held.report")}</button></p>
    </section>
  );
}

/** followed: leads to how an objection stands. */
export function MyRecords({ followed }: { followed(): void }) {
  const { t, pick, num } = useText(meText, subject);
  const { data: profile, error } = useQuery({ ...meRecordsQuery(), staleTime: Infinity }); // each time it is asked for is a look of its own
  if (!profile) return error ? <FailureNote error={error} /> : <p className="quiet loading" role="status">{t("status.loading")}</p>;
  const s = profile.subject;
  const records = s.groups.reduce((n, g) => n + g.total, 0);
  return (
    <>
      <p className="lead">{s.groups.length ? t("held.lead", { records: num(records), resources: num(s.groups.length), providers: num(new Set(s.groups.map((g) => g.provider)).size) }) : null}</p>
      {!s.groups.length && <Empty text={t("held.none")} />}
      <Departments profile={profile} related={false} linked={false} act={(g, r) => <><ObjectTo group={g} record={r} items={profile.items[g.resource] ?? []} followed={followed} /><RepairOf group={g} record={r} followed={followed} /></>} />
      {s.groups.some((g) => g.records.some((r) => r.relation)) && <section><h2>{t("subject.related")}</h2><Departments profile={profile} related linked={false} /></section>}
      {s.identifiers.length > 0 && (
        <section>
          <h2>{t("subject.identifiers")}</h2>
          <DetailList rows={s.identifiers.map((i) => [pick(i.title, i.title_en), <code key={i.value}>{i.value}</code>])} />
        </section>
      )}
      <Report />
      {profile.receipt && <p className="quiet spaced">{t("held.noted", { n: num(profile.receipt.index) })}</p>}
    </>
  );
}
