// Evaluation by scorecard: recomputed here from the pack's tables, read back by a client that is not ours, tested against what came later.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { luling } from "./run.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const packs = (...names) => names.map((name) => join(process.env.LULING_PACKS, name));
let dir;
const run = (...args) => luling([...args, "--data", join(dir, "data"), "--lang", "en"]);
const json = (...args) => {
  const done = run(...args, "--json");
  assert.equal(done.code, 0, done.err);
  return JSON.parse(done.out);
};
/** Rows of a plain CSV of ours: no cell spans lines. */
function table(name) {
  const lines = readFileSync(join(process.env.LULING_PACKS, "demo", name), "utf8").trim().split("\n");
  const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1].replace(/^"|"$/g, ""));
  const head = cells(lines[0]);
  return lines.slice(1).map((line) => Object.fromEntries(cells(line).slice(0, head.length).map((c, i) => [head[i], c])));
}

before(() => {
  dir = mkdtempSync(join(tmpdir(), "luling-score-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  execFileSync("python3", [join(source, "demo/generate.py"), dir], { stdio: "ignore" });
  assert.equal(run("pack", "load", ...packs("core", "jian", "credit", "demo")).code, 0);
  const { deliveries } = JSON.parse(readFileSync(join(dir, "expected.json"), "utf8"));
  for (const resource of ["enterprise_registration", "administrative_penalty", "court_dishonesty", "tax_rating"]) {
    const d = deliveries.find((one) => one.resource === resource);
    const done = run("intake", join(dir, d.file), "--resource", resource);
    assert.ok([0, 65].includes(done.code), done.err);
  }
});

/** The rows of a run, by Python's sqlite3. */
function rowsOf(id) {
  const script = `import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1]); db.row_factory = sqlite3.Row
print(json.dumps([dict(r) for r in db.execute("SELECT * FROM record")]))`;
  return JSON.parse(execFileSync("python3", ["-c", script, join(dir, "data/scores", `${id}.db`)], { encoding: "utf8", maxBuffer: 1 << 28 }));
}

test("every score is the sum that the pack's tables say, and its file is read by others", () => {
  const [made] = [json("score", "run", "enterprise_sample")].flat();
  const rows = rowsOf(made.id);
  assert.equal(rows.length, made.subjects);
  assert.ok(rows.length > 1000);
  const indicators = table("score_indicators.csv"), bands = table("score_bands.csv"), grades = table("score_grades.csv");
  const bandOf = (name, value) => bands.find((b) => b.indicator === name && (b.kind === "missing" ? value === null
    : value === null ? false
    : b.kind === "code" ? value === b.code
    : (b.from === "" || Number(value) >= Number(b.from)) && (b.to === "" || Number(value) < Number(b.to))));
  const count = {};
  for (const row of rows) {
    let sum = 0, worst = 0;
    for (const i of indicators) {
      const band = bandOf(i.indicator, row[i.indicator]);
      sum += i.weight * band.points;
      worst = Math.max(worst, grades.findIndex((g) => g.grade === band.cap));
    }
    assert.equal(row.score, sum, row.subject);
    const grade = grades[Math.max(grades.findIndex((g) => sum >= g.from * 100), worst)].grade;
    assert.equal(row.grade, grade, row.subject);
    count[grade] = (count[grade] ?? 0) + 1;
  }
  assert.deepEqual(made.counts.grades, grades.map((g) => count[g.grade] ?? 0));
  assert.ok(made.counts.grades.filter((n) => n > 0).length >= 3, "the samples spread over grades");
});

test("a subject is told why, and what would change it", () => {
  const { id } = json("score", "runs")[0];
  const debtor = rowsOf(id).find((r) => Number(r.court_open) > 0);
  const shown = json("score", "show", id, debtor.subject);
  assert.equal(shown.capped_by, "court_open");
  assert.equal(shown.grade, "E");
  const gained = shown.indicators.reduce((sum, i) => sum + i.gained, 0);
  assert.ok(Math.abs(gained - shown.score) < 1e-9);
  const court = shown.indicators.find((i) => i.name === "court_open");
  assert.match(court.band.how.zh, /履行/);
  const better = json("score", "show", id, debtor.subject, "--change", "court_open=0");
  assert.ok(Math.abs(better.score - shown.score - court.lost) < 1e-9);
  assert.equal(better.capped_by, null);
  assert.equal(json("score", "show", id, debtor.subject).score, shown.score, "nothing was changed by asking");
  assert.match(run("score", "show", id, debtor.subject, "--change", "luck=7").err, /no indicator luck/);
  assert.match(run("score", "show", id, "91360802XX0000000X").err, /no such subject/);
  assert.equal(run("score", "show", "../../etc/passwd", debtor.subject).code, 66);
});

test("two days are compared, and the scores of one are tested against what came after it", () => {
  const early = json("score", "run", "enterprise_sample", "--as-of", "2024-01-01");
  const now = json("score", "run", "enterprise_sample");
  for (const one of [early, now].flat()) assert.ok(one.subjects > 0);
  const same = json("score", "compare", now.id, now.id);
  assert.ok(same.every((r) => r.psi === 0));
  const shift = json("score", "compare", early.id, now.id);
  assert.ok(shift.some((r) => r.psi > 0) && shift.every((r) => r.psi >= 0));
  const tested = json("score", "test", "enterprise_sample", "2022-01-01", "2026-11-30");
  assert.ok(tested.reduce((n, g) => n + g.bad, 0) > 0, "somebody became a judgment debtor since");
  assert.match(run("score", "test", "enterprise_sample", "2022-01-01", "2026-11-30").out, /AUC 0\.\d{4}, KS 0\.\d{4}/);
  assert.equal(run("score", "run", "enterprise_sample", "--as-of", "yesterday").code, 64);
});

const faults = [
  ["score_bands.csv", /years_in_business,range,1,3,/, "years_in_business,range,1,2.5,", /years_in_business: bands leave a gap or overlap/],
  ["score_bands.csv", /range,10,,,100/, "range,10,,,10", /points go against the direction/],
  ["score_bands.csv", /^.*years_in_business,missing.*\n/m, "", /one band of kind missing/],
  ["score_indicators.csv", /经营年限,Years in business,10/, "经营年限,Years in business,11", /weights add up to 101/],
  ["score_grades.csv", /,E,0,/, ",E,5,", /the lowest from 0/],
  ["scorecards.csv", /,uscc,enterprise,/, ",uscc,person,", /must name its legal basis/],
  ["scorecards.csv", /enterprise_score,uscc/, "enterprise_list,uscc", /service enterprise_list has no/],
];
for (const [file, from, to, says] of faults)
  test(`a scorecard that could mislead is refused: ${says.source}`, () => {
    const pack = join(mkdtempSync(join(dir, "bad-")), "demo");
    cpSync(join(process.env.LULING_PACKS, "demo"), pack, { recursive: true });
    const path = join(pack, file);
    const text = readFileSync(path, "utf8");
    assert.match(text, from);
    writeFileSync(path, text.replace(from, to));
    const data = join(pack, "../data");
    const at = (...args) => luling([...args, "--data", data, "--lang", "en"]);
    const loaded = at("pack", "load", ...packs("core", "jian", "credit"), pack);
    assert.equal(loaded.code, 0, loaded.err);
    const listed = at("score", "list");
    assert.equal(listed.code, 65);
    assert.match(listed.err, says);
  });
