// lib.mjs - the test tool as a function, and packages that may be missing.
import { spawnSync } from "node:child_process";

const TOOL = process.env.LULING_TRUST_TOOL;

/** The answers of the tool to these requests, in order. */
export function askAll(requests) {
  const input = requests.map((r) => JSON.stringify(r)).join("\n") + "\n";
  const done = spawnSync(TOOL, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`the tool ended with ${done.status ?? done.signal}: ${done.stderr}`);
  return done.stdout.trim().split("\n").map((line) => JSON.parse(line));
}

/** One answer; throws when it is a refusal. */
export function ask(request) {
  const [answer] = askAll([request]);
  if (!answer.ok) throw new Error(`${request.op}: ${answer.code}: ${answer.en}`);
  return answer;
}

/** The code of the refusal, "OK" when there is none. */
export function refusal(request) {
  const [answer] = askAll([request]);
  return answer.ok ? "OK" : answer.code;
}

/** The package, or an object whose `missing` is the reason for a test to skip. */
export async function need(name) {
  return import(name).catch((error) => ({ missing: `npm package ${name}: ${error.code ?? error.message}` }));
}

export const b64 = (bytes) => Buffer.from(bytes).toString("base64url");
export const publicOf = ({ d, ...jwk }) => jwk;
