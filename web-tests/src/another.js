// @ts-check
//
// Somebody else at the same clinic, in a browser of his or her own.

import { expect } from "@playwright/test";
import { showDraft } from "./draft.js";
import { Guard } from "./guard.js";
import { NOW, PAGE_FOLDER } from "./surroundings.js";

/**
 * Opens the page as somebody of a role, does something there, and sees to it that nothing happened that the guard forbids.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {import("./clinic.js").Clinic} clinic
 * @param {import("./clinic.js").Role} role
 * @param {string} place where the page is opened, such as `/#/day`
 * @param {(page: import("@playwright/test").Page) => Promise<unknown>} act
 * @param {Partial<import("./clinic.js").NewToken>} [details] of the token
 */
export async function another(browser, clinic, role, place, act, details) {
  const context = await browser.newContext({ baseURL: clinic.url });
  try {
    await context.clock.setFixedTime(NOW);
    if (PAGE_FOLDER !== null) await showDraft(context, clinic.url, PAGE_FOLDER);
    const guard = await Guard.watch(context, clinic.url);
    const page = await context.newPage();
    const { token } = await clinic.token(role, { name: `Another of ${role}`, ...details });
    const answer = await page.request.post("/api/v1/session", { data: { token } });
    expect(answer.ok()).toBe(true);
    await page.goto(place);
    await act(page);
    expect(guard.faults).toEqual([]);
  } finally {
    await context.close();
  }
}
