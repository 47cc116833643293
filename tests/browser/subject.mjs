// A subject in a browser: its passkey registered by the address that somebody handed to it, signed in, the parts of its page.
import { until } from "../api/lib.mjs";

/** as: who makes the address (route, parameters, body). */
export async function enrol(page, as, subject, title, capacity = "legal_representative", proof = "柜面核验营业执照") {
  const made = (await as("enrolment.make", {}, { subject, subject_title: title, capacity, proof })).body;
  await page.goto("about:blank");
  await page.goto(made.url);
  await page.click("form .primary");
  await page.waitForSelector(".note.fine >> text=已登记");
}

export async function enter(page) {
  await page.visit("/me");
  await page.click("form .primary");
  await page.waitForSelector("[role=tab]");
}

export const tab = (page, n) => page.click(`[role=tab] >> nth=${n}`);

/** The list is committed to once a second; until every look is in it the page says how many are newer. */
export const whole = (page) => until("a commitment to the whole list", async () => {
  await page.click(".completeness button >> nth=0");
  await page.waitForSelector(".completeness:not([aria-busy=true])");
  return page.locator(".completeness").textContent();
}, (text) => /完整：/.test(text) && !/此后又有/.test(text), 60_000);
