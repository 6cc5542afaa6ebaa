// @ts-check
//
// Where things are on the board.

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
export const board = (page) => ({
  title: page.locator("#view").getByRole("heading", { level: 2 }),
  grid: page.getByRole("grid"),
  column: (/** @type {string | RegExp} */ name) => page.getByRole("columnheader", { name }),
  slot: (/** @type {string | RegExp} */ name) => page.getByRole("grid").getByRole("button", { name }),
  free: page.locator("#view [data-start].free"),
  date: page.getByLabel("Date", { exact: true }),
  specialty: page.getByLabel("Specialty"),
  name: page.getByLabel("Doctor’s name"),
  doctor: page.getByLabel("Doctor", { exact: true }),
  type: page.getByLabel("Type of visit"),
  nextFree: page.getByRole("button", { name: "Next free" }),
  status: page.locator("#status"),
});
