// Reports on the command line: issued from the demo's records, verified by the file alone, looked at by programs that are not ours.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import jsqr from "jsqr";
import { luling } from "./run.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const subject = "91360802YL0000397L";
const actor = ["--as", "hub-1", "--organisation", "JA001", "--duties", "operator"];
const has = (program) => spawnSync(program, ["-v"]).error === undefined;
let dir;
const run = (...args) => luling([...args, "--data", join(dir, "data"), "--lang", "en"]);
const json = (...args) => {
  const done = run(...args, "--json");
  assert.equal(done.code, 0, done.err);
  return JSON.parse(done.out);
};

before(() => {
  dir = mkdtempSync(join(tmpdir(), "luling-report-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  execFileSync("python3", [join(source, "demo/generate.py"), dir], { stdio: "ignore" });
  const packs = ["core", "jian", "credit", "demo"].map((name) => join(process.env.LULING_PACKS, name));
  assert.equal(run("pack", "load", ...packs).code, 0);
  const { deliveries } = JSON.parse(readFileSync(join(dir, "expected.json"), "utf8"));
  for (const resource of ["enterprise_registration", "administrative_penalty", "court_dishonesty", "tax_arrears"]) {
    const d = deliveries.find((one) => one.resource === resource);
    const done = run("intake", join(dir, d.file), "--resource", resource);
    assert.ok(done.code === 0 || done.code === 65, done.err);
  }
});

const issue = (kind, name, ...more) => json("report", "issue", subject, "--purpose", "贷前调查", `--${kind}`, join(dir, name), ...actor, ...more);

test("a PDF is signed, says what is not there, and is verified by itself", () => {
  const made = issue("pdf", "a.pdf");
  assert.match(made.number, /^CR\d{8}-[0-9A-HJKMNP-TV-Z]{8}$/);
  const checked = json("report", "verify", join(dir, "a.pdf"));
  assert.equal(checked.number, made.number);
  assert.equal(checked.signed, true);
  assert.equal(checked.proven, true);
  assert.equal(checked.entry, made.entry);
  if (!has("pdftotext")) return;
  assert.match(execFileSync("pdfsig", [join(dir, "a.pdf")], { encoding: "utf8" }), /Signature is Valid/);
  const text = execFileSync("pdftotext", ["-layout", join(dir, "a.pdf"), "-"], { encoding: "utf8" });
  for (const words of [subject, made.number, "no record at the source", "not connected", "the source has not delivered"])
    assert.ok(text.includes(words), words);
});

test("the QR code leads to the report's own page", (t) => {
  if (!has("pdftoppm")) return t.skip("poppler-utils is not installed");
  const made = issue("pdf", "qr.pdf", "--set", "public_origin=https://hub.example.gov.cn");
  const pages = /Pages:\s+(\d+)/.exec(execFileSync("pdfinfo", [join(dir, "qr.pdf")], { encoding: "utf8" }))[1];
  const ppm = execFileSync("pdftoppm", ["-r", "200", "-f", pages, "-l", pages, join(dir, "qr.pdf")], { maxBuffer: 1 << 28 });
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.subarray(0, 40).toString("latin1"));
  const [width, height] = [Number(head[1]), Number(head[2])];
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    rgba.set(ppm.subarray(head[0].length + i * 3, head[0].length + i * 3 + 3), i * 4);
    rgba[i * 4 + 3] = 255;
  }
  assert.equal((jsqr.default ?? jsqr)(rgba, width, height)?.data, `https://hub.example.gov.cn/r/${made.number}?code=${made.code}`);
});

test("a changed file is refused, whichever half was changed", () => {
  issue("pdf", "b.pdf");
  issue("html", "b.html");
  assert.equal(json("report", "verify", join(dir, "b.html")).signed, false);
  assert.ok(readFileSync(join(dir, "b.html"), "utf8").includes("样例 SAMPLE"));
  for (const [name, from, to] of [["b.html", "贷前调查", "贷后调查"], ["b.pdf", "/Type /Page", "/Type /Pagf"], ["b.html", "-->\n", "x-->\n"]]) {
    const bytes = readFileSync(join(dir, name)), at = bytes.lastIndexOf(from);
    assert.ok(at > 0);
    writeFileSync(join(dir, "changed"), Buffer.concat([bytes.subarray(0, at), Buffer.from(to), bytes.subarray(at + Buffer.byteLength(from))]));
    const done = run("report", "verify", join(dir, "changed"));
    assert.equal(done.code, 65, `${name}: ${done.out}`);
  }
  writeFileSync(join(dir, "other.policy"), "log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\nquorum none\n");
  assert.equal(run("report", "verify", join(dir, "b.pdf"), "--policy", join(dir, "other.policy")).code, 65);
});

test("a list gives a report for each, and tells of those that it cannot", () => {
  writeFileSync(join(dir, "list"), `${subject}\n# one that nobody knows\n91360800000000000X\n`);
  mkdirSync(join(dir, "out"), { recursive: true });
  const done = run("report", "batch", join(dir, "list"), join(dir, "out"), "--purpose", "批量核查", "--format", "html", ...actor);
  assert.equal(done.code, 65);
  assert.match(done.out, /91360800000000000X/);
  const files = readdirSync(join(dir, "out")).filter((f) => f !== "index.csv");
  assert.equal(files.length, 1);
  assert.equal(json("report", "verify", join(dir, "out", files[0])).number, files[0].replace(".html", ""));
});

test("a batch that starts again makes what its index lacks, and takes back a line that was cut off", () => {
  const out = join(dir, "again"), index = join(out, "index.csv"), lines = () => readFileSync(index, "utf8").trim().split(/\r?\n/);
  const batch = (...who) => {
    writeFileSync(join(dir, "list"), `${who.join("\n")}\n`);
    return run("report", "batch", join(dir, "list"), out, "--purpose", "批量核查", "--format", "html", ...actor);
  };
  assert.equal(batch(subject).code, 0);
  assert.equal(lines()[0], "subject,number,code,file,entry");
  const [, row] = lines(), [who, number, code, file, entry] = row.split(",");
  assert.deepEqual([who, file], [subject, `${number}.html`]);
  assert.deepEqual([code.replaceAll("-", "").length, Number.isSafeInteger(Number(entry))], [16, true], row);
  assert.ok(readFileSync(join(out, file), "utf8").includes(number));
  const twice = batch(subject);
  assert.equal(twice.code, 0, twice.err);
  assert.deepEqual(lines(), ["subject,number,code,file,entry", row], "nothing is made twice");
  writeFileSync(index, `${lines().join("\r\n")}\r\n"91360800`);
  assert.equal(batch(subject).code, 0);
  assert.deepEqual(lines().slice(1), [row]);
  writeFileSync(index, "subject,number,code,file,entry\n");
  assert.equal(batch(subject).code, 0);
  assert.equal(readdirSync(out).length, 3, "what the index lacks is made");
});

test("a report is withdrawn once, with a reason", () => {
  const made = issue("html", "w.html");
  assert.equal(run("report", "withdraw", made.number, ...actor).code, 64);
  assert.equal(run("report", "withdraw", made.number, "--reason", "出具有误", ...actor).code, 0);
  assert.equal(run("report", "withdraw", made.number, "--reason", "出具有误", ...actor).code, 75);
  assert.ok(json("report", "list").find((r) => r.number === made.number).withdrawn_at);
});

test("what cannot be asked for says why", () => {
  for (const args of [["report", "issue", subject, "--purpose", "贷前调查", ...actor], ["report", "issue", subject, "--pdf", join(dir, "x"), ...actor],
    ["report", "issue", subject, "--purpose", "贷前调查", "--pdf", join(dir, "x")]])
    assert.equal(run(...args).code, 64, args.join(" "));
  assert.equal(run("report", "issue", "91360800000000000X", "--purpose", "贷前调查", "--pdf", join(dir, "x"), ...actor).code, 66);
  assert.match(run("key", "certificate").out, /BEGIN CERTIFICATE/);
});
