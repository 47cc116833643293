// A few real firms of the public registrations, which are not part of the project: LULING_DATA, or ../shared/data beside the source.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tempDir } from "./lib.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const file = join(process.env.LULING_DATA ?? join(source, "../shared/data"), "enterprise_registration/jian_gb18030.csv");
const ROWS = 120; // the last ones: they have their type
/** A company of the city with its type and one to fifty million yuan of capital. */
const WHO = /^([^,]*有限公司),(9\w{17}),([\d-]{10}),有限责任公司[^,]*,P[^,]*,"?([\d,]+)(?:\.0+)?\(?万元?人民币\)?"?,.*,江西,吉安,/;

export const absent = existsSync(file) ? false : `the public registrations are not at hand (LULING_DATA): ${file}`;

/** { delivery, firms }: a part of the file as it is, in its own encoding, and those firms of it that tests can be. */
export function realFirms(t) {
  const bytes = readFileSync(file);
  let from = bytes.length - 1;
  for (let n = 0; n < ROWS; n++) from = bytes.lastIndexOf(10, from - 1);
  const part = Buffer.concat([bytes.subarray(0, bytes.indexOf(10) + 1), bytes.subarray(from + 1)]);
  const path = join(tempDir(t), "registrations.csv");
  writeFileSync(path, part);
  const firms = new TextDecoder("gb18030").decode(part).split(/\r?\n/).flatMap((line) => {
    const found = WHO.exec(line);
    return found ? [{ uscc: found[2], name: found[1], established: found[3], capital_wan: Number(found[4].replaceAll(",", "")) }] : [];
  }).filter((f) => f.capital_wan >= 100 && f.capital_wan <= 5000);
  assert.ok(firms.length > 1, "no such firm in this part of the file");
  return { delivery: { resource: "enterprise_registry_public", path }, firms };
}
