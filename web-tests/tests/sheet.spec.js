// @ts-check
//
// The day of one doctor on paper.

import { fileURLToPath } from "node:url";
import { book, daily, register } from "../src/doctors.js";
import { expectNoBarriers, expectNoSidewaysScrolling } from "../src/look.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
const sheet = (page) => ({
  title: page.locator("#view").getByRole("heading", { level: 2 }),
  rows: page.getByRole("table").getByRole("row"),
  printIt: page.getByRole("button", { name: "Print" }),
});

test("a day sheet says who comes when, and for what", async ({ page, clinic, signIn, look }) => {
  const doctor = (await clinic.doctors()).find(({ lastName }) => lastName === "Brandt");
  await signIn("front-desk", "/#/day");
  await page.getByRole("columnheader", { name: "Amelie Brandt" }).getByRole("link", { name: "Day sheet" }).click();
  const { title, rows } = sheet(page);
  await expect(title).toHaveText("Amelie Brandt · Monday, 7 January 2030");
  await expect(title).toBeFocused();
  const { items } = await clinic.ask("GET", `/bookings?doctorId=${doctor?.id}&from=2030-01-07&to=2030-01-07&limit=200`);
  const coming = items.filter((/** @type {{ status: string }} */ one) => one.status !== "cancelled");
  await expect(rows).toHaveCount(coming.length + 1);
  const patients = await clinic.patients();
  for (const [index, { start, patientId, reason }] of coming.entries()) {
    const patient = patients.find(({ id }) => id === patientId);
    const row = rows.nth(index + 1);
    await expect(row.getByRole("rowheader")).toContainText(start.slice(11, 16));
    await expect(row).toContainText(`${patient?.firstName} ${patient?.lastName}`);
    if (reason) await expect(row).toContainText(reason);
  }
  await expect(page.getByText(`Visits: ${coming.length}. Times: Europe/Berlin. As of 7 Jan 2030, 10:15.`)).toBeVisible();
  await look("sheet");
});

test("on paper there is the sheet, and nothing to press", async ({ page, clinic, signIn, store }) => {
  const doctor = (await clinic.doctors()).find(({ lastName }) => lastName === "Brandt");
  await signIn("front-desk", `/#/sheet?doctor=${doctor?.id}`);
  const { title, rows, printIt } = sheet(page);
  await expect(rows.nth(1)).toBeVisible();
  await page.evaluate(() => (window.print = () => void (document.title = "is printed")));
  await printIt.click();
  await expect(page).toHaveTitle("is printed");

  await page.emulateMedia({ media: "print" });
  // A4, less its margins.
  await page.setViewportSize({ width: 703, height: 1032 });
  await expect(title).toBeVisible();
  await expect(rows.last()).toBeVisible();
  for (const one of await page.getByRole("button").all()) await expect(one).toBeHidden();
  for (const one of await page.getByRole("link").all()) await expect(one).toBeHidden();
  await expect(page.getByRole("banner")).toBeHidden();
  await expectNoSidewaysScrolling(page);
  await expectNoBarriers(page);
  // Nothing is cut off at the edge of the paper.
  const table = await page.getByRole("table").boundingBox();
  expect((table?.x ?? 0) + (table?.width ?? 999)).toBeLessThanOrEqual(703);
  const kept = process.env.UPDATE_SCREENSHOTS && store === "sqlite";
  const path = fileURLToPath(new URL("../../docs/screenshots/sheet-print.png", import.meta.url));
  await page.screenshot({ ...(kept ? { path } : {}), scale: "css" });
  const pages = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g);
  expect(pages).toHaveLength(1);
});

test("dark screens print on white paper", async ({ page, signIn }) => {
  await page.emulateMedia({ colorScheme: "dark", media: "print" });
  await signIn("front-desk", "/#/sheet");
  await expect(sheet(page).rows.nth(1)).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
  await expectNoBarriers(page);
});

test("a sheet goes on to the next day and back, and follows what happens", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic);
  await signIn("front-desk", `/#/sheet?doctor=${doctor.id}`);
  const { title, rows } = sheet(page);
  await expect(page.getByText("Nobody is booked on that day.")).toBeVisible();
  await page.getByRole("link", { name: "Later" }).click();
  await expect(title).toHaveText("Ada Rosenthal · Tuesday, 8 January 2030");
  const booking = await book(clinic, doctor, "2030-01-08T09:00:00+01:00", { reason: "a broken wrist" });
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText("a broken wrist");
  await clinic.ask("POST", `/bookings/${booking.id}/cancel`, { reason: "healed" });
  await expect(page.getByText("Nobody is booked on that day.")).toBeVisible();
  await page.getByRole("link", { name: "Earlier" }).click();
  await expect(title).toHaveText("Ada Rosenthal · Monday, 7 January 2030");
  await page.getByRole("link", { name: "To the week" }).click();
  await expect(title).toHaveText("Ada Rosenthal, 7 Jan 2030 – 13 Jan 2030");
});

test("the times of a night that has both 02:00s carry their offsets", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic, { workingHours: daily(["00:00", "06:00"]) });
  await book(clinic, doctor, "2030-10-27T02:00:00+02:00");
  await book(clinic, doctor, "2030-10-27T02:00:00+01:00", { patientId: (await clinic.patients())[1]?.id });
  await signIn("front-desk", `/#/sheet?doctor=${doctor.id}&date=2030-10-27`);
  await expect(page.getByRole("rowheader")).toHaveText([
    "02:00 (UTC+02:00) – 02:00 (UTC+01:00)",
    "02:00 (UTC+01:00) – 03:00",
  ]);
});

test("doctors have their own sheet, and no other", async ({ page, clinic, signIn }) => {
  const [first, second] = await clinic.doctors();
  await signIn("doctor", "/#/sheet", { doctorId: first?.id ?? null });
  const { title } = sheet(page);
  await expect(title).toContainText(`${first?.firstName} ${first?.lastName}`);
  await page.goto(`/#/sheet?doctor=${second?.id}`);
  await expect(page.getByText("You may not do that.")).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
  await page.goto(`/#/week?doctor=${second?.id}`);
  await expect(page.getByRole("grid")).toBeVisible();
  await expect(page.getByText("Day sheet")).toHaveCount(0);
});

test("patients have none", async ({ page, signIn }) => {
  await signIn("patient", "/#/sheet");
  await expect(page.getByRole("heading", { name: "My visits" })).toBeVisible();
  await page.goto("/#/day");
  await expect(page.getByRole("grid")).toBeVisible();
  await expect(page.getByText("Day sheet")).toHaveCount(0);
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("the sheet is in German", async ({ page, clinic, signIn }) => {
    const doctor = (await clinic.doctors()).find(({ lastName }) => lastName === "Brandt");
    await signIn("front-desk", `/#/sheet?doctor=${doctor?.id}`);
    await expect(sheet(page).title).toHaveText("Amelie Brandt · Montag, 7. Januar 2030");
    await expect(page.getByRole("columnheader").first()).toHaveText("Zeit");
    await expect(page.getByText(/^Termine: \d+\. Zeitzone: Europe\/Berlin\. Stand: 07\.01\.2030, 10:15\.$/)).toBeVisible();
  });
});
