// @ts-check
//
// Every day on which nothing is free says why.

import { book, daily, register, typeOf } from "../src/doctors.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("../src/clinic.js").Clinic} Clinic */
/** @typedef {import("../src/doctors.js").Doctor} Doctor */

const TUESDAY = "2030-01-08";
const HOUR = { workingHours: daily(["09:00", "10:00"]) };
const WHOLE_DAY = { start: "2030-01-08T00:00:00+01:00", end: "2030-01-09T00:00:00+01:00", reason: "conference" };

/**
 * @type {{ reason: string, words: string, date?: string, type?: string, details?: object,
 *   arrange?: (clinic: Clinic, doctor: Doctor) => Promise<unknown> }[]}
 */
const REASONS = [
  { reason: "no-working-hours", words: "does not work", details: { workingHours: {} } },
  {
    reason: "closed-override",
    words: "closed this day",
    arrange: (clinic, { id }) => clinic.ask("PUT", `/doctors/${id}/overrides/${TUESDAY}`, { windows: [] }),
  },
  {
    reason: "closure",
    words: "hospital closed",
    arrange: (clinic) => clinic.ask("POST", "/closures?affected=keep", { date: TUESDAY, name: "Stocktaking" }),
  },
  {
    reason: "time-off",
    words: "time off",
    arrange: (clinic, { id }) => clinic.ask("POST", `/doctors/${id}/time-off`, WHOLE_DAY),
  },
  {
    reason: "fully-booked",
    words: "fully booked",
    details: HOUR,
    arrange: (clinic, doctor) => book(clinic, doctor, "2030-01-08T09:00:00+01:00"),
  },
  {
    reason: "no-gap-long-enough",
    words: "no gap is long enough",
    details: HOUR,
    arrange: async (clinic, doctor) =>
      book(clinic, doctor, "2030-01-08T09:15:00+01:00", { visitType: await typeOf(clinic, "Check-up") }),
  },
  { reason: "notice", words: "too soon to book", date: "2030-01-07", type: "First visit" },
  { reason: "horizon", words: "too far ahead", date: "2030-06-04", type: "Vaccination" },
  {
    reason: "dst-gap",
    words: "hours skipped by the clock",
    date: "2030-03-31",
    details: { workingHours: daily(["02:00", "03:00"]) },
  },
  {
    reason: "date-does-not-exist",
    words: "not in the calendar there",
    date: "2011-12-30",
    details: { timeZone: "Pacific/Apia" },
  },
  { reason: "in-past", words: "past", date: "2030-01-02" },
];

for (const { reason, words, date = TUESDAY, type, details, arrange } of REASONS) {
  test(`${reason}: ${words}`, async ({ page, clinic, signIn }) => {
    const doctor = await register(clinic, details);
    await arrange?.(clinic, doctor);
    const visitType = type === undefined ? "" : `&type=${await typeOf(clinic, type)}`;
    await signIn("front-desk", `/#/day?specialty=radiology&date=${date}${visitType}`);
    const head = page.getByRole("columnheader", { name: "Ada Rosenthal" });
    await expect(head.locator(".why")).toHaveText(words);
    const title = page.locator("#view").getByRole("heading", { level: 2 });
    const about = `doctor=${doctor.id}&date=${date}${visitType}`;
    await page.goto(`/#/week?${about}`);
    await expect(title).toHaveText(/^Ada Rosenthal, .* – /);
    const day = new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
    await expect(page.getByRole("columnheader", { name: new RegExp(` ${day}\\b`) }).locator(".why")).toHaveText(words);
    await page.goto(`/#/month?${about}`);
    const whole = new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", { dateStyle: "full", timeZone: "UTC" });
    await expect(page.getByRole("gridcell").filter({ hasText: whole }).locator(".why")).toHaveText(words);
  });
}

test("a doctor who takes no bookings any more is on no board, and the own week says why", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic);
  await clinic.ask("PATCH", `/doctors/${doctor.id}`, { active: false });
  await signIn("front-desk", `/#/day?specialty=radiology&date=${TUESDAY}`);
  await expect(page.getByText("There is no such doctor.")).toBeVisible();
  await page.goto(`/#/week?doctor=${doctor.id}&date=${TUESDAY}`);
  await expect(page.getByRole("columnheader", { name: /Tue 8 Jan/ }).locator(".why")).toHaveText("takes no bookings");
  await expect(page.getByLabel("Doctor", { exact: true })).toHaveValue(doctor.id);
});
