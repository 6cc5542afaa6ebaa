// @ts-check
//
// The days on which clocks change, and doctors whose clocks are elsewhere.

import { book, daily, register } from "../src/doctors.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
const title = (page) => page.locator("#view").getByRole("heading", { level: 2 });
/** @param {Page} page */
const heads = (page) => page.getByRole("columnheader");
/**
 * @param {Page} page
 * @param {string | RegExp} name
 */
const row = (page, name) => page.getByRole("row", { name });

const NIGHT = daily(["00:00", "06:00"]);

test("a day of 23 hours says so, and has no 02:00", async ({ page, clinic, signIn, look }) => {
  await register(clinic, { workingHours: NIGHT });
  await signIn("front-desk", "/#/day?specialty=radiology&date=2030-03-31");
  await expect(heads(page)).toContainText("23 hours");
  await expect(heads(page)).toContainText("5 free");
  await expect(row(page, /^01:00/).getByRole("button")).toHaveAccessibleName("01:00 free until 03:00, Ada Rosenthal");
  await expect(row(page, /^02:00/).getByRole("gridcell")).toHaveText("not on the clock");
  await expect(row(page, /^02:00/).getByRole("button")).toHaveCount(0);
  await expect(row(page, /^03:00/).getByRole("button")).toHaveAccessibleName("03:00 free until 04:00, Ada Rosenthal");
  await look();
});

test("a day of 25 hours says so, and both 02:00s are there, each with its offset", async ({ page, clinic, signIn, look }) => {
  const doctor = await register(clinic, { workingHours: NIGHT });
  await book(clinic, doctor, "2030-10-27T02:00:00+01:00");
  await signIn("front-desk", "/#/day?specialty=radiology&date=2030-10-27");
  await expect(heads(page)).toContainText("25 hours");
  await expect(heads(page)).toContainText("6 free");
  const times = page.getByRole("rowheader");
  await expect(times).toHaveText(["00:00", "01:00", "02:00 UTC+02:00", "02:00 UTC+01:00", "03:00", "04:00", "05:00"]);
  const [first, second] = [row(page, /^02:00 UTC\+02:00/), row(page, /^02:00 UTC\+01:00/)];
  await expect(first.getByRole("button")).toHaveAccessibleName(/^02:00 \(UTC\+02:00\) free until 02:00/);
  await expect(second.getByRole("button")).toHaveAccessibleName(/^02:00 \(UTC\+01:00\) booked until 03:00/);
  await look("day-25-hours");

  // What is booked is the hour that was chosen.
  await first.getByRole("button").click();
  await expect(page.getByRole("dialog")).toContainText("02:00 (UTC+02:00)");
});

test("in a night that has both 02:00s, the one that it is is marked", async ({ page, clinic, context, signIn }) => {
  await register(clinic, { workingHours: NIGHT });
  await context.clock.setFixedTime(new Date("2030-10-27T01:30:00Z"));
  await signIn("front-desk", "/#/day?specialty=radiology");
  await expect(title(page)).toHaveText("Sunday, 27 October 2030");
  await expect(page.getByRole("rowheader").filter({ hasText: "now" })).toHaveText("02:00 UTC+01:00 now");
});

test("a week and a month name the days on which clocks change", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic, { workingHours: NIGHT });
  await signIn("front-desk", `/#/week?doctor=${doctor.id}&date=2030-10-27`);
  await expect(heads(page).filter({ hasText: "Sun 27 Oct" })).toContainText("25 hours");
  await expect(heads(page).filter({ hasText: "Sat 26 Oct" })).not.toContainText("hours");
  await expect(row(page, /^02:00 UTC\+01:00/).getByRole("button")).toHaveCount(1);
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Month" }).click();
  await expect(page.getByRole("gridcell", { name: /27 October/ })).toContainText("7 free");
  await expect(page.getByRole("gridcell", { name: /27 October/ })).toContainText("25 hours");
});

test("where clocks change by half an hour, the times that come twice carry their offset", async ({ page, clinic, signIn }) => {
  await register(clinic, { timeZone: "Australia/Lord_Howe", slotMinutes: 30, workingHours: daily(["01:00", "03:00"]) });
  await signIn("front-desk", "/#/day?specialty=radiology&date=2030-04-07");
  await expect(heads(page)).toContainText("24.5 hours");
  const slots = page.getByRole("grid").getByRole("button");
  await expect(slots.locator(".at")).toHaveText([
    "01:00",
    "01:30 (UTC+11:00)",
    "01:30 (UTC+10:30)",
    "02:00",
    "02:30",
  ]);
  await page.goto("/#/day?specialty=radiology&date=2030-10-06");
  await expect(heads(page)).toContainText("23.5 hours");
  await expect(slots.locator(".at")).toHaveText(["01:00", "01:30", "02:30"]);
});

test("a night that goes on into the next date is on both", async ({ page, clinic, signIn }) => {
  await register(clinic, { workingHours: { monday: [{ start: "22:00", end: "02:00" }] } });
  await signIn("front-desk", "/#/day?specialty=radiology&date=2030-01-08");
  await expect(page.getByRole("grid").locator(".at")).toHaveText(["00:00", "01:00"]);
  await page.getByRole("button", { name: "Earlier" }).click();
  await expect(page.getByRole("grid").locator(".at")).toHaveText(["22:00", "23:00"]);
});

test.describe("seen from New York", () => {
  test.use({ timezoneId: "America/New_York" });

  test("the doctor's zone and the viewer's are named, where they differ", async ({ page, clinic, signIn, look }) => {
    const doctors = await clinic.doctors();
    const id = (/** @type {string} */ name) => doctors.find(({ lastName }) => lastName === name)?.id;
    await signIn("front-desk", "/#/day");
    await expect(page.getByText("Each doctor’s times are on that doctor’s own clock. Yours: America/New_York.")).toBeVisible();
    await expect(heads(page).filter({ hasText: "Amelie Brandt" })).toContainText("Europe/Berlin");
    await expect(heads(page).filter({ hasText: "Jon Snow" })).not.toContainText("America");
    await look();

    await page.goto(`/#/week?doctor=${id("Brandt")}`);
    await expect(page.getByText("Times are on the doctor’s clock: Europe/Berlin. Yours: America/New_York.")).toBeVisible();
    const slot = page.getByRole("button", { name: /^15:30 free/ }).first();
    await slot.click();
    await expect(page.getByRole("dialog")).toContainText("On yours (America/New_York): 7 Jan 2030, 09:30.");
    await page.keyboard.press("Escape");

    await page.goto(`/#/month?doctor=${id("Brandt")}`);
    await expect(page.getByText("Times are on the doctor’s clock: Europe/Berlin. Yours: America/New_York.")).toBeVisible();
    await page.goto("/#/list?q=brandt");
    await expect(page.getByRole("listitem").filter({ hasText: "11:00 free" }).first()).toContainText(
      "Europe/Berlin; here 7 Jan 2030, 05:00",
    );
    await page.goto("/#/list?q=snow");
    await expect(title(page)).toBeVisible();
    await expect(page.locator(".who").first()).toContainText("Jon Snow");
    await expect(page.getByText(/; here /)).toHaveCount(0);
  });
});

test.describe("seen from where it is another date", () => {
  test.use({ timezoneId: "Pacific/Honolulu" });

  test("today is the date of who looks at it", async ({ page, signIn }) => {
    // 09:15 UTC on the 7th is 23:15 on the 6th.
    await signIn("front-desk", "/#/day");
    await expect(title(page)).toHaveText("Sunday, 6 January 2030");
  });
});
