// The rows of a batch that were refused, with every reason: to be looked at, downloaded, corrected and delivered again.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { batchQuarantineFileUrl, batchQuarantineQuery, deliveryWorkbookUrl } from "#api";
import intake from "../text/intake";
import { useText } from "../text";
import { Icon } from "./icon";
import { Pager } from "./pager";

const LIMIT = 20;

/** workbook: the delivery was one, and can go back as itself. */
export function Quarantine({ batch, workbook = false }: { batch: string; workbook?: boolean }) {
  const { t, pick, num, lang } = useText(intake);
  const [offset, setOffset] = useState(0);
  const [open, setOpen] = useState(false);
  const { data: q } = useQuery(batchQuarantineQuery({ id: batch, open, limit: LIMIT, offset }));
  if (!q) return null;
  return (
    <section>
      <h2>{t("quarantine.title")}</h2>
      <p>
        {t("quarantine.counts", { total: num(q.total), open: num(q.open) })}{" "}
        <span className="buttons">
          {workbook && q.open > 0 && <a className="button" href={deliveryWorkbookUrl({ id: batch, lang })} download><Icon name="download" />{t("quarantine.workbook")}</a>}
          {(["xlsx", "csv"] as const).map((format) => (
            <a key={format} className="button" href={batchQuarantineFileUrl({ id: batch, format, lang })} download><Icon name="download" />{t(`quarantine.${format}`)}</a>
          ))}
        </span>
      </p>
      <p className="quiet">{workbook ? t("quarantine.workbook_hint") : t("quarantine.hint")}</p>
      {q.open < q.total && <p><label className="choice"><input type="checkbox" checked={open} onChange={(e) => { setOpen(e.target.checked); setOffset(0); }} /><span>{t("quarantine.only_open")}</span></label></p>}
      <div className="scroll" tabIndex={0} role="region" aria-label={t("quarantine.title")}>
        <table className="grid">
          <thead><tr><th className="number" scope="col">{t("quarantine.row")}</th><th scope="col">{t("quarantine.reasons")}</th>{q.columns.map((c) => <th key={c} scope="col">{c}</th>)}</tr></thead>
          <tbody>
            {q.items.map((r) => (
              <tr key={r.row} className={r.closed ? "closed" : undefined}>
                <th className="number" scope="row">{num(r.row)}</th>
                <td className="reasons">{r.closed && <span className="badge good">{t("quarantine.closed")}</span>}{pick(r.zh, r.en)}</td>
                {r.cells.map((c, at) => <td key={at}>{c ?? ""}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager total={open ? q.open : q.total} offset={q.offset} limit={q.limit} onTurn={setOffset} />
    </section>
  );
}
