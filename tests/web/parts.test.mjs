// Parts of the console that need no browser: what a CSV file says, what a device is called.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

async function part(t, name) {
  const dir = mkdtempSync(join(tmpdir(), "luling-part-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const outfile = join(dir, "part.mjs");
  await build({ entryPoints: [join(process.env.LULING_SOURCE, "web/src/parts", name)], outfile, bundle: true, format: "esm" });
  return import(pathToFileURL(outfile));
}

test("a CSV file opens in a spreadsheet as it is meant, and nothing in it runs as a formula", async (t) => {
  const { csvOf } = await part(t, "csv.ts");
  assert.equal(csvOf([["名称", "数"], ['甲"乙"', "1,5"], ["两\n行", ""]]), '\ufeff"名称","数"\r\n"甲""乙""","1,5"\r\n"两\n行",""\r\n');
  for (const risky of ["=1+1", "+HYPERLINK(1)", "-2+3", "@SUM(A1)", "\tx", "\rx"]) assert.equal(csvOf([[risky]]), `\ufeff"'${risky}"\r\n`, JSON.stringify(risky));
  for (const number of ["-12.5", "+3", "0", "1e3"]) assert.equal(csvOf([[number]]), `\ufeff"${number}"\r\n`, "a number stays one");
});

test("a device is called as its owner would", async (t) => {
  const { deviceOf } = await part(t, "device.ts");
  const of = { "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36": "Chrome · Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": "Safari · iPhone",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0": "Edge · Windows",
    "Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 HuaweiBrowser/14.0 Mobile Safari/537.36": "Huawei Browser · HarmonyOS",
    "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0": "WeChat · Android",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox · Linux", "curl/8.5": null, "": null };
  for (const [agent, name] of Object.entries(of)) assert.equal(deviceOf(agent), name, agent);
});

test("counties stand where the pack says, those of no place below them, and arrow keys go to the neighbour", async (t) => {
  const { placed, neighbour } = await part(t, "countyplaces.ts");
  const county = (code, row = null, place = null) => ({ code, row, place });
  const tiles = placed([county("north", 0, 1), county("west", 1, 0), county("east", 1, 1), county("fifth"), county("sixth")]);
  assert.deepEqual(tiles.map((x) => [x.row, x.x]), [[0, 2], [1, 1], [1, 3], [2, 0], [2, 2]], "every other row half a place to the east");
  const to = (from, key) => tiles[neighbour(tiles, from, key)].county.code;
  assert.deepEqual([to(0, "ArrowDown"), to(2, "ArrowUp"), to(1, "ArrowDown"), to(2, "ArrowDown"), to(1, "ArrowRight")], ["west", "north", "fifth", "sixth", "east"]);
  assert.deepEqual([to(0, "ArrowUp"), to(0, "ArrowLeft"), to(4, "ArrowRight"), to(4, "ArrowDown"), to(3, "Home"), to(0, "End")], ["north", "north", "sixth", "sixth", "north", "sixth"], "none beyond the edge");
  assert.deepEqual(placed(["a", "b", "c", "d", "e"].map((c) => county(c))).map((x) => [x.row, x.x]), [[0, 0], [0, 2], [0, 4], [0, 6], [1, 0]], "without places in their order");
});

test("the schematic map of the wall has each county where the pack has it", async (t) => {
  const { jian } = await part(t, "tiles.ts");
  const rows = readFileSync(join(process.env.LULING_SOURCE, "packs/jian/region_tiles.csv"), "utf8").trim().split("\n").slice(1).map((line) => line.split(","));
  const centre = (f) => f.geometry.coordinates[0].slice(0, -1).reduce(([x, y], [a, b], _, all) => [x + a / all.length, y + b / all.length], [0, 0]).map((n) => Math.round(n * 100) || 0);
  const drawn = Object.fromEntries(jian.features.map((f) => [f.properties.name, centre(f)]));
  for (const [code, row, place] of rows) assert.deepEqual(drawn[code], [Math.round((Number(place) + (row % 2) / 2) * 100), Math.round(-row * Math.sqrt(3) * 50) || 0], code);
  assert.equal(rows.length, jian.features.length);
});
