// Runs test files, two at a time on each core, each in a process of its own, and tells of them all in one TAP.
//
// A file that fails is run once more, alone, when all others are through: a machine that stands still for half a minute fails tests that
// wait for an answer.  What passes then counts as passed, and is named as unsteady with what failed first, so that a race is not forgotten.
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";

// A test waits about as long as it works: for a browser, a server, a disk.
const SIDE_BY_SIDE = 2 * cpus().length;
const COUNTS = ["pass", "fail", "cancelled", "skipped", "todo"];

function runFile(file, env) {
  const child = spawn(process.execPath, ["--test", "--test-reporter=tap", file], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((done) => child.on("close", (code) => done({ file, output, code, counts: countsOf(output), failed: failuresOf(output) })));
}

function countsOf(output) {
  return Object.fromEntries(COUNTS.map((name) => [name, Number(output.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1] ?? 0)]));
}

const failuresOf = (output) => [...output.matchAll(/^ *not ok \d+ - (.*)$/gm)].map((m) => m[1]).filter((name) => !name.endsWith(".mjs"));

async function pool(files, width, env) {
  // The longest first, and the size of a file tells about how long it takes: one that begins last would run on alone.
  const queue = [...files].sort((a, b) => statSync(b).size - statSync(a).size);
  const results = [];
  await Promise.all(Array.from({ length: width }, async () => {
    for (let file; (file = queue.shift()); ) results.push(await runFile(file, env));
  }));
  return results;
}

/** The cases of a file without the plan and the counts, which are told once for all. */
const cases = (output) => output.replace(/^(TAP version|1\.\.|# (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ).*\n/gm, "");

/** Runs the files and prints what became of them; returns whether every one passed. */
export async function runFiles(files, env = process.env) {
  const results = await pool(files, SIDE_BY_SIDE, env);
  const total = Object.fromEntries(COUNTS.map((name) => [name, 0]));
  let good = true;
  console.log("TAP version 13");
  for (let result of results) {
    if (result.code !== 0) {
      const first = result;
      [result] = await pool([first.file], 1, env);
      if (result.code === 0) console.log(`# unsteady: ${basename(first.file)} passed when run again; at first failed: ${first.failed.join("; ") || "the process"}`);
      console.log(first.output.replace(/^/gm, "# first run: "));
    }
    process.stdout.write(cases(result.output));
    good &&= result.code === 0;
    if (result.code !== 0 && !result.counts.fail) result.counts.fail = 1;
    for (const name of COUNTS) total[name] += result.counts[name];
  }
  for (const name of COUNTS) console.log(`# ${name} ${total[name]}`);
  return good;
}

/** A folder stands for every test in it: a list by hand forgets one. */
const filesOf = (path) => (statSync(path).isDirectory() ? readdirSync(path).filter((f) => f.endsWith(".test.mjs")).sort().map((f) => join(path, f)) : [path]);

if (process.argv[1]?.endsWith("/run_files.mjs")) process.exitCode = (await runFiles(process.argv.slice(2).flatMap(filesOf))) ? 0 : 1;
