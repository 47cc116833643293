// A sample becomes a proposal, with reasons, and is kept nowhere.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, signIn } from "./lib.mjs";

test("a department's own file is recognised column by column; what cannot be read is refused; nothing of it stays", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  const sample = (file_name, body, more = {}, options = {}) => s.call("resource.infer", { file_name, ...more }, { headers: { "Content-Type": "application/octet-stream" }, body, ...options });
  const { path } = deliveries.find((d) => d.resource === "annual_report");
  const reply = await sample(path.split("/").pop(), readFileSync(path), { name: "yearly", title: "年报" });
  assert.equal(reply.status, 200, reply.text);
  const { columns, ...about } = reply.body;
  assert.deepEqual([about.name, about.title], ["yearly", "年报"]);
  assert.ok(about.rows > 1000);
  const code = columns.find((c) => c.element === "uscc");
  assert.ok(code && code.role === "subject" && code.confidence > 50 && code.reason && code.reason_en, "the credit code is found and says why");
  assert.ok(columns.some((c) => c.key > 0), "it has a key");
  assert.deepEqual(columns.map((c) => c.position), columns.map((_, i) => i + 1));

  const people = await sample("people.csv", "姓名,身份证号,手机号\n张三,360802198001011234,13800138000\n李四,36080219900202224X,13900139000\n");
  assert.equal(people.status, 200, people.text);
  assert.ok(!/360802198001011234|13800138000/.test(people.text), "values are shown masked");
  assert.equal((await sample("empty.csv", "")).status, 422);
  assert.equal((await sample("picture.png", Buffer.from("89504e470d0a1a0a0000000d4948445200000001", "hex"))).status, 422);
  assert.equal((await sample("a.csv", "a,b\n1,2\n", { name: "select" })).status, 422, "a name that SQL takes");
  assert.deepEqual(readdirSync(join(s.data, "work")), []);
  await addAccount(s.data, "bank", "JB001", "consumer_steward");
  assert.equal((await sample("a.csv", "a,b\n1,2\n", {}, { cookie: await signIn(s, "bank") })).status, 403);
});
