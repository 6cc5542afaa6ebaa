// @ts-check
//
// What the tests of working hours have in common.

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */
/** @typedef {import("./clinic.js").Clinic} Clinic */

/** @param {Page} page */
export const seen = (page) => ({
  title: page.getByRole("heading", { level: 2 }).first(),
  dialog: page.getByRole("dialog"),
  told: page.locator("#status"),
  alert: page.getByRole("alert").filter({ visible: true, hasText: /./ }),
  /** @param {string} name */
  button: (name) => page.getByRole("button", { name, exact: true }),
});

/**
 * @param {Clinic} clinic
 * @param {string} lastName
 */
export async function doctorCalled(clinic, lastName) {
  const found = (await clinic.doctors()).find((doctor) => doctor.lastName === lastName);
  if (found === undefined) throw new Error(`nobody is called ${lastName}`);
  return found;
}

/**
 * Goes on with the Tab key until something has the focus.
 *
 * @param {Page} page
 * @param {Locator} wanted
 */
export async function tabTo(page, wanted) {
  for (let left = 120; left > 0; left -= 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not lead to ${wanted}`);
}

/**
 * What somebody else has done meanwhile does not come to the page by itself.
 *
 * @param {Page} page
 */
export async function hearNothing(page) {
  // It is never answered: to the page, that is as if nothing happened.
  await page.route("**/api/v1/events**", () => {});
}
