// One delivery: how far it is, live; then what became of its rows, and what to do about those refused.
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import {
  batchQualityQuery, deliveryConfirm, deliveryEventsUrl, deliveryRefuse, deliveryShowQuery, type Delivery, type Progress,
} from "#api";
import { Bar, StateBadge } from "../parts/badges";
import { ConfirmDanger } from "../parts/confirm";
import { Figures } from "../parts/facts";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { QualityReport } from "../parts/quality";
import { Quarantine } from "../parts/quarantine";
import { FailureNote, Note } from "../parts/status";
import { useRefresh } from "../parts/refresh";
import { useSession } from "../session";
import catalogue from "../text/catalogue";
import intake from "../text/intake";
import { useText } from "../text";

const STAGES = ["receive", "decode", "check", "sort", "seal", "publish", "done"] as const;
const unfinished = (d: Delivery): boolean => d.state === "received" || d.state === "sealed";

/** Follows the job while it runs; what it says last is what the page shows. */
function useProgress(d: Delivery): Progress | null {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const follow = unfinished(d);
  useEffect(() => {
    if (!follow) return;
    const events = new EventSource(deliveryEventsUrl({ id: d.id }));
    events.addEventListener("progress", (e) => setProgress(JSON.parse((e as MessageEvent<string>).data) as Progress));
    events.addEventListener("end", () => {
      events.close();
      setProgress(null);
      void client.invalidateQueries({ queryKey: deliveryShowQuery({ id: d.id }).queryKey });
    });
    return () => events.close();
  }, [follow, d.id]);
  return follow ? progress : null;
}

function Stages({ delivery: d, progress: p }: { delivery: Delivery; progress: Progress | null }) {
  const { t, num } = useText(intake);
  const at = Math.max(0, STAGES.findIndex((s) => s === (p?.stage ?? d.stage)));
  return (
    <div className="live" role="status">
      <section className="panel">
        <ol className="stages">
          {STAGES.map((s, i) => <li key={s} className={i < at ? "past" : i === at ? "now" : ""} aria-current={i === at ? "step" : undefined}>{t(`stage.${s}`)}</li>)}
        </ol>
        <Bar share={p && p.total ? p.done / p.total : 0} tone="busy" />
        <p className="quiet">{p && p.done ? t("delivery.progress", { done: num(p.done), rate: num(Math.round(p.rows_per_second)) }) : t("delivery.working")}</p>
      </section>
    </div>
  );
}

function Waiting({ delivery: d }: { delivery: Delivery }) {
  const { t, num } = useText(intake);
  const { can } = useSession();
  const refresh = useRefresh();
  const [problem, setProblem] = useState<unknown>(null);
  const confirm = (): void => {
    setProblem(null);
    deliveryConfirm({ id: d.id }).then(refresh).catch(setProblem);
  };
  return (
    <Note tone="ask" role="alert">
      <p>{t("delivery.waiting")}</p>
      {d.detail && <p>{t("delivery.change", { deletes: num(d.detail.deletes), changes: num(d.detail.changes), current: num(d.detail.current), limit: d.detail.limit_percent })}</p>}
      {can("delivery.decide") && (
        <p className="buttons">
          <button type="button" className="primary" onClick={confirm}>{t("delivery.confirm")}</button>
          <ConfirmDanger text={t("delivery.refuse")} title={t("delivery.refuse_ask")} what={t("delivery.refuse_what")} act={() => deliveryRefuse({ id: d.id }).then(refresh)} />
        </p>
      )}
      {problem ? <FailureNote error={problem} /> : null}
    </Note>
  );
}

function Results({ delivery: d }: { delivery: Delivery }) {
  const { t } = useText(intake);
  const { can } = useSession();
  const { data: quality } = useQuery({ ...batchQualityQuery({ id: d.batch! }) });
  return (
    <>
      {quality && <section><h2>{t("quality.title")}</h2><QualityReport quality={quality} /></section>}
      {!!d.quarantined && can("quarantine.read") && <Quarantine batch={d.batch!} workbook={/\.xlsx$/i.test(d.file_name)} />}
    </>
  );
}

export default function DeliveryPage() {
  const id = useParams()["id"]!;
  const { t, tCode, pick, bytes, when } = useText(intake, catalogue);
  const { data: shown } = useSuspenseQuery(deliveryShowQuery({ id }));
  const { resourceTitle } = useNames([shown.resource]);
  const progress = useProgress(shown);
  const d = progress?.delivery ?? shown;
  return (
    <Page title={d.file_name} back={["/deliveries", t("nav.deliveries")]} badges={<StateBadge state={d.state} />} help={t("delivery.help")}>
      <Figures big rows={[
        [t("delivery.resource"), <Link key="r" to={`/resources/${encodeURIComponent(d.resource)}`}>{resourceTitle(d.resource)}</Link>],
        [t("delivery.received_at"), when(d.received_at)], [t("delivery.size"), bytes(d.bytes)], [t("about.mode"), tCode("mode", d.mode)],
      ]} />
      <p className="quiet hash">SHA-256 <code>{d.sha256}</code></p>
      {unfinished(d) && <Stages delivery={d} progress={progress} />}
      {d.state === "waiting" && <Waiting delivery={d} />}
      {d.error && d.state !== "waiting" && <Note tone="bad"><p>{pick(d.error.zh, d.error.en)}</p></Note>}
      {d.batch && !unfinished(d) && <Results delivery={d} />}
    </Page>
  );
}
