// The workbook that is filled in: what it locks and checks, what comes back of it with its faults marked, and that the corrected one closes them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { addAccount, signIn, tempDir } from "./lib.mjs";
import { deliver, LOWER, residentId, RESOURCE, serveVillages, tool, UPPER } from "./villages.mjs";

const RESULT = "核查结果";

async function template(s, dir, params) {
  const reply = await s.call("resource.template", { name: RESOURCE, ...params }, { cookie: s.steward });
  assert.equal(reply.status, 200, reply.text);
  const path = join(dir, "template.bin");
  writeFileSync(path, reply.bytes);
  return { path, reply };
}

const FIRST = [
  "B3=H-001", "C3=张三", `D3=${residentId(990)}`, "E3=4", "F3=3.5", "G3=2026-01-31", "H3=水稻",
  "B4=H-002", "C4=李四", `D4=${residentId(991).slice(0, 17)}0`, "E4=40", "F4=0", "G4=2026-02-30", "H4=水稻",
  "B5=H-003", `D5=${residentId(992)}`, "E5=3", "G5=2026-03-01", "H5=水道",
  "B6=h_4", "C6=王五", `D6=${residentId(993)}`, "E6=2", "G6=2026-03-01", "H6=油茶",
];
const WRONG = ["B6", "C5", "D4", "E4", "F4", "G4", "H5"];

/** The whole journey with one program that fills cells in and one that looks at what came back. */
async function journey(t, fill, look) {
  const s = await serveVillages(t);
  const dir = tempDir(t);
  const { path } = await template(s, dir, { area: UPPER, rows: 20 });
  const filled = join(dir, "filled.xlsx");
  if (fill([path, filled, ...FIRST]) === null) return t.skip("LibreOffice (libreoffice-calc, python3-uno) is not installed");
  const first = await deliver(s, readFileSync(filled), "上塘村.xlsx");
  assert.equal(`${first.state} ${first.received} ${first.published} ${first.quarantined}`, "published 4 1 3");
  assert.ok(first.batch);

  // back comes the same workbook: comments on exactly those cells, colours, a list; everything else as it was
  const back = await s.call("delivery.workbook", { id: first.id }, { cookie: s.steward });
  assert.equal(back.status, 200, back.text);
  const returned = join(dir, "returned.xlsx");
  writeFileSync(returned, back.bytes);
  const before = JSON.parse(look(["--look", filled])), after = JSON.parse(look(["--look", returned]));
  const marked = (sheet) => Object.keys(sheet.notes).filter((cell) => sheet.notes[cell].startsWith("【核查】")).sort();
  assert.deepEqual(marked(after["填报"]), WRONG);
  assert.match(after["填报"].notes.D4, /校验位错误.*怎么改/s);
  for (const [cell, text] of Object.entries(before["填报"].cells)) assert.equal(after["填报"].cells[cell], text, cell);
  for (const [cell, text] of Object.entries(before["填报"].notes)) assert.equal(after["填报"].notes[cell], text, cell);
  for (const name of Object.keys(before).filter((n) => n !== "填报")) assert.deepEqual(after[name].cells, before[name].cells, name);
  assert.ok(after["填报"].protected && after["填报"].coloured.some((r) => /A4.*6/.test(r)), JSON.stringify(after["填报"].coloured));
  const list = Object.values(after[RESULT].cells).join("\n");
  for (const cell of WRONG) assert.ok(list.includes(cell), cell);

  // corrected but for one cell, it comes back once more; what was right before is left alone
  const second = join(dir, "second.xlsx");
  fill([returned, second, `D4=${residentId(991)}`, "E4=5", "F4=2", "G4=2026-02-28", "C5=赵六", "H5=油茶", "B6=h_5"]);
  const again = await deliver(s, readFileSync(second), "上塘村-改.xlsx");
  assert.equal(`${again.published} ${again.quarantined}`, "3 1");
  const rest = await s.call("batch.quarantine", { id: first.batch, open: true }, { cookie: s.steward });
  assert.deepEqual(rest.body.items.map((i) => i.line), [6]);
  writeFileSync(returned, (await s.call("delivery.workbook", { id: again.id }, { cookie: s.steward })).bytes);
  const once = JSON.parse(look(["--look", returned]));
  assert.deepEqual(marked(once["填报"]), ["B6"]);
  assert.equal(Object.keys(once).filter((n) => n === RESULT).length, 1);

  // the last one closes the row wherever it was refused
  fill([returned, second, "B6=H-004"]);
  const last = await deliver(s, readFileSync(second), "上塘村-再改.xlsx");
  assert.equal(`${last.published} ${last.quarantined}`, "4 0");
  for (const batch of [first.batch, again.batch]) {
    const open = await s.call("batch.quarantine", { id: batch, open: true }, { cookie: s.steward });
    assert.equal(open.body.open, 0, batch);
  }
  assert.equal((await s.call("delivery.workbook", { id: last.id }, { cookie: s.steward })).status, 409);
}

test("a wrong workbook comes back as itself with comments on exactly the wrong cells; corrected, it closes its rows", (t) =>
  journey(t, (args) => tool("set_cells.py", args), (args) => tool("set_cells.py", args)));

test("the same through LibreOffice, which opens, fills in and saves the workbook each time", (t) =>
  journey(t, (args) => tool("fill_workbook.py", args), (args) => tool("fill_workbook.py", args)));

test("a template locks what is not to be changed, checks what is typed, and says what it is", async (t) => {
  const s = await serveVillages(t);
  const dir = tempDir(t);
  const { path, reply } = await template(s, dir, { area: UPPER, rows: 5 });
  assert.match(reply.headers.get("content-disposition"), /xlsx/);
  const book = JSON.parse(tool("set_cells.py", ["--look", path]));
  assert.deepEqual(Object.keys(book), ["填报", "下拉选项", "填写说明", "Instructions", "_luling"]);
  assert.ok(book["填报"].protected && book["填写说明"].visible && !book["_luling"].visible);
  assert.match(book["填报"].cells.A1, /吉州区 樟山镇 上塘村/);
  assert.equal(book["填报"].cells.A7, UPPER);
  assert.equal(book["填报"].rules["H3:H1048576"], "list");
  assert.equal(book["填报"].rules["D3:D1048576"], "custom");
  assert.match(Object.values(book["Instructions"].cells).join(" "), /upload/);

  // nobody filled it in: prepared rows are no records
  const none = await deliver(s, readFileSync(path), "空.xlsx");
  assert.equal(none.received, 0);
  // it is refused as something else, and so are rows of another village
  const other = join(dir, "other.xlsx");
  tool("set_cells.py", [path, other, "A3=360802101902", "B3=H-009", "C3=张三", `D3=${residentId(980)}`, "E3=4", "G3=2026-01-31"]);
  const moved = await deliver(s, readFileSync(other), "别村.xlsx");
  assert.equal(`${moved.published} ${moved.quarantined}`, "0 1");
  const why = await s.call("batch.quarantine", { id: moved.batch }, { cookie: s.steward });
  assert.match(why.body.items[0].zh, /不属于本次采集的区域/);
});

test("a town's templates come as one ZIP file; what is known is in them where whoever collects may see it", async (t) => {
  const s = await serveVillages(t);
  const dir = tempDir(t);
  const csv = `户编号,村,户主,户主身份证号,人口,耕地面积,入户日期,主要作物,所在乡镇\nH-1,上塘村,张三,${residentId(970)},4,3.50,2026-01-31,水稻,\nH-2,${LOWER},李四,${residentId(971)},2,,2026-01-31,,\n`;
  assert.equal((await deliver(s, Buffer.from(csv), "有.csv")).published, 2);
  const { path, reply } = await template(s, dir, { area: "360802101", rows: 2, known: true });
  assert.match(reply.headers.get("content-type"), /zip/);
  execFileSync("python3", ["-c", "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])", path, dir]);
  const book = JSON.parse(tool("set_cells.py", ["--look", join(dir, `${UPPER}-上塘村.xlsx`)]));
  assert.deepEqual(["B3", "C3", "D3", "E3", "F3", "G3", "H3"].map((c) => book["填报"].cells[c]), ["H-1", "张三", residentId(970), "4", "3.50", "2026-01-31", "水稻"]);
  assert.equal(book["填报"].cells.B4, undefined);

  assert.equal((await s.call("resource.template", { name: RESOURCE, area: "360829" }, { cookie: s.steward })).status, 404);
  assert.equal((await s.call("resource.template", { name: "nothing" }, { cookie: s.steward })).status, 404);
  await addAccount(s.data, "elsewhere", "JA011", "source_steward");
  assert.equal((await s.call("resource.template", { name: RESOURCE, area: UPPER }, { cookie: await signIn(s, "elsewhere") })).status, 403);
  // what was no workbook cannot come back as one
  const bad = await deliver(s, Buffer.from(`户编号,村,户主,户主身份证号,人口,入户日期\nH-3,上塘村,,${residentId(972)},4,2026-01-31\n`), "错.csv");
  assert.equal((await s.call("delivery.workbook", { id: bad.id }, { cookie: s.steward })).status, 422);
  assert.equal((await s.call("delivery.workbook", { id: "nothing" }, { cookie: s.steward })).status, 404);
});
