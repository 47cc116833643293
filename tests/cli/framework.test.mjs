// What every command has in common: help, languages, errors, JSON, exit codes, settings, completion.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LULING, folder, luling } from "./run.mjs";

const commands = () =>
  [...luling(["help", "--markdown", "--lang", "en"]).out.matchAll(/^## ([a-z ]+)$/gm)].map((m) => m[1]);

test("help is Chinese unless the environment asks for English", () => {
  assert.match(luling([]).out, /用法/);
  assert.match(luling([], { env: { LANG: "zh_CN.UTF-8" } }).out, /用法/);
  assert.match(luling([], { env: { LANG: "en_US.UTF-8" } }).out, /usage/);
  assert.match(luling([], { env: { LANG: "en_US.UTF-8", LULING_LANG: "zh" } }).out, /用法/);
  assert.match(luling(["--lang", "en"], { env: { LULING_LANG: "zh" } }).out, /usage/);
});

test("every command has help of its own, by --help and by help", () => {
  assert.ok(commands().length >= 6);
  for (const words of commands()) {
    const own = luling([...words.split(" "), "--help", "--lang", "en"]);
    assert.equal(own.code, 0, words);
    assert.match(own.out, new RegExp(`luling ${words}`));
    assert.equal(own.out, luling(["help", ...words.split(" "), "--lang", "en"]).out);
  }
});

test("a mistake is told on standard error and ends with 64", () => {
  for (const args of [["nothing"], ["settings", "--nothing"], ["settings", "more"], ["completion"], ["--lang", "de"], ["settings", "--data"]]) {
    const { code, out, err } = luling(args);
    assert.equal(code, 64, args.join(" "));
    assert.equal(out, "");
    assert.match(err, /^luling: /);
  }
});

test("with --json an error is one object with both languages", () => {
  const { code, err } = luling(["setings", "--json"]);
  assert.equal(code, 64);
  const { error } = JSON.parse(err);
  assert.equal(error.code, "USAGE");
  assert.match(error.en, /did you mean luling settings/);
  assert.match(error.zh, /setings/);
});

test("settings say where they come from, and the higher source wins", (t) => {
  const data = folder(t);
  writeFileSync(join(data, "luling.conf"), "threads = 3\nbusy_ms = 10\nlog_level = warn\n");
  const { out } = luling(["settings", "--json", "--data", data, "--set", "threads=5"], { env: { LULING_BUSY_MS: "20" } });
  const rows = Object.fromEntries(JSON.parse(out).map((r) => [r.name, [r.value, r.origin]]));
  assert.deepEqual(rows.threads, ["5", "command line"]);
  assert.deepEqual(rows.busy_ms, ["20", "environment"]);
  assert.deepEqual(rows.log_level, ["warn", "file"]);
  assert.deepEqual(rows.max_columns[1], "default");
});

test("a mistake in luling.conf is told with file and line", (t) => {
  const data = folder(t);
  writeFileSync(join(data, "luling.conf"), "# settings\nthreads = many\n");
  const { code, err } = luling(["settings", "--data", data]);
  assert.equal(code, 65);
  assert.match(err, /luling\.conf:2/);
  assert.equal(luling(["settings", "--config", join(data, "other.conf")]).code, 66);
});

test("a full disk under standard output is an error, not silence", { skip: !existsSync("/dev/full") }, () => {
  const done = spawnSync("sh", ["-c", `"${LULING}" errors > /dev/full`], { encoding: "utf8" });
  assert.equal(done.status, 74);
});

test("the exit code is the one that the table of errors says", () => {
  const rows = JSON.parse(luling(["errors", "--json"]).out);
  assert.equal(rows.find((r) => r.code === "USAGE").exit, 64);
  assert.equal(luling(["nothing"]).code, 64);
});

/** What bash offers for a line. */
function completed(line) {
  const script = luling(["completion", "bash"]).out;
  const words = line.split(" ");
  const quoted = words.map((w) => `'${w}'`).join(" ");
  const done = spawnSync("bash", ["-c", `${script}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _luling; echo "\${COMPREPLY[@]}"`],
    { encoding: "utf8" });
  assert.equal(done.stderr, "");
  return done.stdout.trim().split(" ");
}

test("bash completes commands, options and their words", () => {
  assert.ok(completed("luling ").includes("settings"));
  assert.deepEqual(completed("luling sett"), ["settings"]);
  assert.deepEqual(completed("luling settings --ch"), ["--changed"]);
  assert.deepEqual(completed("luling --lang "), ["zh", "en"]);
  assert.deepEqual(completed("luling completion "), ["bash", "zsh"]);
});

test("identify takes an identifier apart and says what is wrong with one", () => {
  const good = luling(["identify", "--json", "11010519491231002x"]);
  assert.equal(good.code, 0);
  const [id] = JSON.parse(good.out);
  assert.equal(id.scheme, "resident_id");
  assert.equal(id.canonical, "11010519491231002X");
  assert.equal(id.kind, "person");
  assert.ok(id.parts.some((p) => p.value === "1949-12-31"));
  const bad = luling(["identify", "110105194912310021", "--lang", "en"]);
  assert.equal(bad.code, 65);
  assert.match(bad.out, /X/);
  assert.equal(luling(["identify", "1", "--scheme", "isbn"]).code, 64);
});

test("the manual page is well-formed roff", () => {
  const page = luling(["man", "--lang", "en"]).out;
  assert.match(page, /^\.TH LULING 1/);
  for (const line of page.split("\n").filter((l) => l.startsWith(".")))
    assert.match(line, /^\.(TH|SH|SS|TP|B|PP)\b/);
});
