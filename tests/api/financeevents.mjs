// Made-up events of financing as the platform delivers them: a few firms a county, each from its registration to a loan, over some months.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "./lib.mjs";

const HEADS = ["event_no", "event_ms", "event_day", "event_kind", "event_financing", "event_case", "firm_key", "handling_organisation", "event_product", "event_amount", "event_rate", "term_months", "event_reason", "first_loan", "renewed_without_repayment", "event_region", "event_industry", "event_size"];
const STEPS = [["published", 0], ["applied", 1], ["accepted", 2], ["due_diligence", 3], ["granted", 5], ["drawn", 8]];
const DAY_MS = 864e5;
const MONTH_DAYS = 31;
const CHINA_MS = 8 * 36e5;
/** Firms by county: one is of two firms only. */
const COUNTIES = [["360802", 5], ["360803", 4], ["360821", 3], ["360881", 2]];

function row(no, ms, kind, firm, county, more = {}) {
  const day = new Date(ms + CHINA_MS).toISOString().slice(0, 10);
  const values = { event_no: `T${no}`, event_ms: ms, event_day: day, event_kind: kind, firm_key: firm, event_region: county, event_industry: "C13", event_size: "micro", first_loan: "N", renewed_without_repayment: "N", ...more };
  return HEADS.map((h) => values[h] ?? "").join(",");
}

/** A file for resource finance_case_event; from: the first number of an event, so that a second file has other events. */
export function eventsFile(t, { from = 1, counties = COUNTIES, months = 4, now = Date.now() } = {}) {
  const lines = [HEADS.join(",")];
  let no = from;
  counties.forEach(([county, firms], c) => {
    for (let f = 0; f < firms; f++) {
      const firm = `firm-${county}-${from}-${f}`, start = now - ((f + c) % months) * MONTH_DAYS * DAY_MS - 10 * DAY_MS;
      const of = { event_financing: `F-${firm}`, event_case: `L-${firm}`, handling_organisation: (f + c) % 2 ? "FI002" : "FI001", event_product: "sample_first" };
      lines.push(row(no++, start - DAY_MS, "registered", firm, county));
      for (const [kind, days] of STEPS) {
        const money = kind === "granted" || kind === "drawn" ? { event_amount: `${(f + 1) * 500_000 - (kind === "drawn" ? 100_000 : 0)}.00`, event_rate: "4.35", first_loan: f % 2 ? "N" : "Y" } : {};
        lines.push(row(no++, start + days * DAY_MS, kind, firm, county, { ...of, ...money }));
      }
    }
  });
  const path = join(tempDir(t), `events-${from}.csv`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return { resource: "finance_case_event", path };
}
