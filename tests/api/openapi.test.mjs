// The API's descriptions, the platform's and each consumer's, against the specification of OpenAPI by a validator that is not ours, and their schemas
// against that of JSON Schema by another.
import assert from "node:assert/strict";
import { test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import { client, grant, people } from "./bank.mjs";
import { serveDemo } from "./demo.mjs";

const lib = await import("@seriousme/openapi-schema-validator").then((m) => m, (error) => ({ missing: `the validator is not installed (npm ci): ${error.message}` }));
const skip = lib.missing ?? false;
const SCHEMA_KEYS = ["x-code-table", "x-unit", "x-masked", "x-type", "x-minimum", "x-maximum", "x-luling-grants", "x-luling-version", "components"];

async function valid(doc, what) {
  const validator = new lib.Validator();
  const { valid: fits, errors } = await validator.validate(structuredClone(doc));
  assert.ok(fits, `${what}: ${JSON.stringify(errors)?.slice(0, 2000)}`);
  assert.equal(validator.version, "3.1");
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  for (const key of SCHEMA_KEYS) ajv.addKeyword(key);
  ajv.addSchema({ $id: "doc", components: doc.components });
  for (const name of Object.keys(doc.components.schemas)) assert.doesNotThrow(() => ajv.compile({ $ref: `doc#/components/schemas/${name}` }), `${what}: schema ${name}`);
  return ajv;
}

test("the platform's description is valid OpenAPI 3.1 in both languages", { skip }, async (t) => {
  const s = await serveDemo(t);
  for (const lang of ["zh", "en"]) {
    const doc = JSON.parse((await s.call("openapi", { lang }, { anonymous: true })).text);
    await valid(doc, lang);
    assert.ok(Object.keys(doc.paths).length > 100);
  }
});

test("each consumer's description is valid, with nothing granted and with everything, and its example requests fit it", { skip }, async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const bank = await client(s, as);
  await valid((await bank.call("services.openapi", {})).body, "nothing granted");

  await grant(as, ["enterprise_registration"]);
  for (const name of ["annual_report", "administrative_permit", "administrative_penalty"]) await grant(as, [name]);
  await grant(as, ["tax_rating"], {}, "tax");
  await grant(as, ["tax_arrears"], {}, "tax");
  const { id } = (await as.steward("grants.list", { resource: "enterprise_registration" })).body.items[0];
  assert.equal((await as.steward("made.make", { id }, { name: "firm", title: "企业" })).status, 201);
  const { body: doc } = await bank.call("services.openapi", {});
  const ajv = await valid(doc, "much granted");
  const paths = Object.keys(doc.paths);
  for (const path of ["/v1/services/enterprise_registration/query", "/v1/services/firm/verify", "/v1/services/enterprise_list/rows", "/v1/services/enterprise_credit/join"]) assert.ok(paths.includes(path), path);

  const body = (path) => ajv.compile(doc.paths[path].post.requestBody.content["application/json"].schema);
  const ask = body("/v1/services/firm/query");
  assert.ok(ask({ key: ["91360802YL0000397L"], items: ["uscc"], limit: 5 }), JSON.stringify(ask.errors));
  assert.ok(!ask({ key: [], misspelt: 1 }) && !ask({ key: ["a"], items: ["nothing"] }));
  for (const [path, method] of paths.flatMap((p) => Object.keys(doc.paths[p]).map((m) => [p, m])))
    for (const example of Object.values(doc.components.schemas[`${path.split("/")[3]}.Record`]?.properties?.values?.properties ?? {}).filter((v) => v.properties.value)) {
      const value = ajv.compile(example.properties.value);
      for (const one of example.properties.value.examples) assert.ok(value(one), `${method} ${path}: ${JSON.stringify(one)} does not fit ${JSON.stringify(example.properties.value).slice(0, 300)}`);
    }
});
