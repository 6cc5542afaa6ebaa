// @ts-check
//
// What others do shows by itself.

import { another } from "../src/another.js";
import { book, daily, register } from "../src/doctors.js";
import { NOW } from "../src/surroundings.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

const BOARD = "/#/day?specialty=radiology&date=2030-01-08";
const at = (/** @type {string} */ time) => `2030-01-08T${time}:00+01:00`;

/**
 * @param {Page} page
 * @param {string | RegExp} name
 */
const slot = (page, name) => page.getByRole("grid").getByRole("button", { name });

/**
 * Until the board is there, and hears what happens.
 *
 * @param {Page} page
 * @param {string} place
 * @param {(place: string) => Promise<unknown>} open
 */
async function listening(page, place, open) {
  const stream = page.waitForResponse((answer) => answer.url().includes("/api/v1/events"));
  await open(place);
  await expect(page.getByRole("grid")).toBeVisible();
  await expect(page.locator(".board")).not.toHaveAttribute("aria-busy");
  await stream;
}

test("a booking by one appears on the board of another, and so does what becomes of it", async ({ page, browser, clinic, signIn }) => {
  // Two browsers.
  test.slow();
  const doctor = await register(clinic);
  const patientId = (await clinic.patients())[0]?.id;
  await listening(page, BOARD, (place) => signIn("front-desk", place));
  await expect(slot(page, /^11:00 free/)).toBeVisible();
  await another(browser, clinic, "front-desk", BOARD, async (other) => {
    /** @param {string} path @param {object} body */
    const post = (path, body) =>
      other.evaluate(
        async ([path, body]) => {
          const headers = { "Content-Type": "application/json" };
          const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
          if (!answer.ok) throw new Error(await answer.text());
          return answer.json();
        },
        /** @type {const} */ ([path, body]),
      );
    const { id } = await post("/bookings", { doctorId: doctor.id, patientId, start: at("11:00") });
    await expect(slot(page, /^11:00 booked/)).toBeVisible();
    await expect(page.getByRole("columnheader")).toContainText("9 free");
    await post(`/bookings/${id}/reschedule`, { start: at("15:00") });
    await expect(slot(page, /^15:00 booked/)).toBeVisible();
    await expect(slot(page, /^11:00 free/)).toBeVisible();
    await post(`/bookings/${id}/arrive`, {});
    await expect(slot(page, /^15:00 arrived/)).toBeVisible();
  });
});

test("what others change appears within a second", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic);
  await listening(page, BOARD, (place) => signIn("front-desk", place));
  await expect(slot(page, /^11:00 free/)).toBeVisible();
  /** @param {string} shown */
  const appears = (shown) =>
    page.evaluate(
      (shown) =>
        new Promise((resolve) => {
          const look = () => document.querySelector(shown) !== null && resolve(undefined);
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
          look();
        }),
      shown,
    );
  /** @type {number[]} */
  const took = [];
  for (let times = 0; times < 5; times += 1) {
    const isBooked = appears(".chip.booked[data-start*='T11:00']");
    const { id } = await book(clinic, doctor, at("11:00"));
    let since = performance.now();
    await isBooked;
    took.push(performance.now() - since);
    const isFree = appears(".chip.free[data-start*='T11:00']");
    await clinic.ask("POST", `/bookings/${id}/cancel`, { reason: "changed mind" });
    since = performance.now();
    await isFree;
    took.push(performance.now() - since);
  }
  // A machine that does other things meanwhile may take longer now and then.
  const sorted = took.toSorted((one, other) => one - other);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(1000);
});

test("a hold shows at once, and so does that it is given back", async ({ page, browser, clinic, signIn }) => {
  // Two browsers.
  test.slow();
  await register(clinic);
  await listening(page, BOARD, (place) => signIn("front-desk", place));
  await slot(page, /^11:00 free/).focus();
  await another(browser, clinic, "front-desk", BOARD, async (other) => {
    // Two look at the same slot; one is quicker.
    await slot(other, /^11:00 free/).click();
    await expect(other.getByRole("dialog")).toBeVisible();
    await expect(slot(page, /^11:00 held/)).toBeVisible();
    // Whoever had it in view, still is there.
    await expect(slot(page, /^11:00 held/)).toBeFocused();
    await slot(page, /^11:00 held/).click();
    await expect(page.getByRole("dialog")).toContainText("11:00");
    await page.keyboard.press("Escape");
    await other.keyboard.press("Escape");
    await expect(slot(page, /^11:00 free/)).toBeVisible();
    await expect(slot(page, /^11:00 free/)).toBeFocused();
  });
});

test("a cancellation frees the slot", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic);
  const { id } = await book(clinic, doctor, at("11:00"));
  await listening(page, BOARD, (place) => signIn("front-desk", place));
  await expect(slot(page, /^11:00 booked/)).toBeVisible();
  await clinic.ask("POST", `/bookings/${id}/cancel`, { reason: "feels better" });
  await expect(slot(page, /^11:00 free/)).toBeVisible();
});

test("changed hours, overrides, time off and closures show", async ({ page, clinic, signIn }) => {
  const { id } = await register(clinic, { workingHours: daily(["08:00", "10:00"]) });
  await listening(page, BOARD, (place) => signIn("front-desk", place));
  const head = page.getByRole("columnheader", { name: "Ada Rosenthal" });
  await expect(head).toContainText("2 free");
  await clinic.ask("PUT", `/doctors/${id}/working-hours`, { effectiveFrom: "2030-01-08", weekly: daily(["08:00", "12:00"]) });
  await expect(head).toContainText("4 free");
  await clinic.ask("PUT", `/doctors/${id}/overrides/2030-01-08`, { windows: [] });
  await expect(head).toContainText("closed this day");
  await clinic.ask("DELETE", `/doctors/${id}/overrides/2030-01-08`);
  await expect(head).toContainText("4 free");
  const off = await clinic.ask("POST", `/doctors/${id}/time-off`, { start: at("08:00"), end: at("09:00"), reason: "late" });
  await expect(slot(page, /^08:00 time off/)).toBeVisible();
  await clinic.ask("DELETE", `/doctors/${id}/time-off/${off.id}`);
  await expect(slot(page, /^08:00 free/)).toBeVisible();
  const closure = await clinic.ask("POST", "/closures?affected=keep", { date: "2030-01-08", name: "Snow" });
  await expect(head).toContainText("hospital closed");
  await clinic.ask("DELETE", `/closures/${closure.id}`);
  await expect(head).toContainText("4 free");
});

test("a doctor who comes, is renamed, or goes shows", async ({ page, clinic, signIn }) => {
  await listening(page, "/#/day?date=2030-01-08", (place) => signIn("front-desk", place));
  const heads = page.getByRole("columnheader");
  const before = await heads.count();
  const { id } = await register(clinic);
  await expect(heads).toHaveCount(before + 1);
  await clinic.ask("PATCH", `/doctors/${id}`, { lastName: "Rosenberg" });
  await expect(heads.filter({ hasText: "Ada Rosenberg" })).toBeVisible();
  await clinic.ask("PATCH", `/doctors/${id}`, { active: false });
  await expect(heads).toHaveCount(before);
});

for (const [view, shown] of /** @type {const} */ ([
  ["week", "Tue 8 Jan"],
  ["month", "Tuesday, 8 January"],
])) {
  test(`a ${view} follows what happens, too`, async ({ page, clinic, signIn }) => {
    const doctor = await register(clinic);
    await listening(page, `/#/${view}?doctor=${doctor.id}&date=2030-01-08`, (place) => signIn("front-desk", place));
    const day = page.getByRole(view === "week" ? "columnheader" : "gridcell").filter({ hasText: shown });
    await expect(day).toContainText("10 free");
    await book(clinic, doctor, at("11:00"));
    await expect(day).toContainText("9 free");
  });
}

test("a list follows what happens, too", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic);
  const stream = page.waitForResponse((answer) => answer.url().includes("/api/v1/events"));
  await signIn("front-desk", "/#/list?specialty=radiology&date=2030-01-08");
  const slots = page.getByRole("listitem").getByRole("button", { name: /^11:00 free/ });
  await expect(slots.first()).toBeVisible();
  await stream;
  const before = await slots.count();
  await book(clinic, doctor, at("11:00"));
  await expect(slots).toHaveCount(before - 1);
});

test("what has happened while the connection was lost shows when it is back", async ({ page, clinic, context, signIn, guard }) => {
  guard.expect(/ERR_INTERNET_DISCONNECTED/);
  const doctor = await register(clinic);
  await listening(page, BOARD, (place) => signIn("front-desk", place));
  const warning = page.getByText("Not connected: what others change does not show at the moment.");
  await expect(warning).toBeHidden();
  await context.setOffline(true);
  await expect(warning).toBeVisible();
  await book(clinic, doctor, at("11:00"));
  // What was read before is still there.
  await expect(slot(page, /^11:00 free/)).toBeVisible();
  await context.setOffline(false);
  await expect(slot(page, /^11:00 booked/)).toBeVisible();
  await expect(warning).toBeHidden();
  // And from then on as before.
  await book(clinic, doctor, at("12:00"), { patientId: (await clinic.patients())[1]?.id });
  await expect(slot(page, /^12:00 booked/)).toBeVisible();
});

test("what has happened during a sleep shows after it", async ({ page, clinic, context, signIn }) => {
  const doctor = await register(clinic);
  // A stream of which nothing arrives, as that of a machine that has slept.
  await page.route("**/api/v1/events*", () => {});
  await signIn("front-desk", BOARD);
  await expect(slot(page, /^11:00 free/)).toBeVisible();
  await expect(page.locator(".board")).not.toHaveAttribute("aria-busy");
  await book(clinic, doctor, at("11:00"));
  await page.unroute("**/api/v1/events*");
  await expect(slot(page, /^11:00 free/)).toBeVisible();
  await context.clock.setFixedTime(NOW.getTime() + 30 * 60_000);
  await expect(slot(page, /^11:00 booked/)).toBeVisible();
  await book(clinic, doctor, at("12:00"), { patientId: (await clinic.patients())[1]?.id });
  await expect(slot(page, /^12:00 booked/)).toBeVisible();
});

test("after signing out and in again, one stream is listened to", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic);
  const { token } = await signIn("front-desk", BOARD);
  await expect(slot(page, /^11:00 free/)).toBeVisible();
  for (let times = 2; times > 0; times -= 1) {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").fill(token);
    const stream = page.waitForResponse((answer) => answer.url().includes("/api/v1/events"));
    await page.keyboard.press("Enter");
    await expect(slot(page, /^11:00 free/)).toBeVisible();
    await stream;
  }
  await expect(page.locator(".board")).not.toHaveAttribute("aria-busy");
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await book(clinic, doctor, at("11:00"));
  await expect(slot(page, /^11:00 booked/)).toBeVisible();
  await book(clinic, doctor, at("12:00"), { patientId: (await clinic.patients())[1]?.id });
  await expect(slot(page, /^12:00 booked/)).toBeVisible();
  // Each change is looked at once.
  expect(asked.filter((path) => path.endsWith(`/doctors/${doctor.id}/availability`))).toHaveLength(2);
});

test("patients see that a time is gone, and nothing of whose it is", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic);
  const [own, other] = await clinic.patients();
  /** @type {Promise<string>[]} */
  const bodies = [];
  page.on("response", (answer) => {
    const { pathname } = new URL(answer.url());
    if (pathname.startsWith("/api/") && !pathname.endsWith("/events")) bodies.push(answer.text().catch(() => ""));
  });
  await listening(page, BOARD, (place) => signIn("patient", place, { patientId: own?.id ?? null }));
  await expect(slot(page, /^11:00 free/)).toBeVisible();
  const booking = await book(clinic, doctor, at("11:00"), { patientId: other?.id, reason: "something private" });
  await expect(slot(page, /^11:00/)).toHaveCount(0);
  await expect(slot(page, /^12:00 free/)).toBeVisible();
  const told = (await Promise.all(bodies)).join("\n");
  expect(told).toContain(doctor.id);
  for (const secret of [booking.id, other?.id ?? "?", "something private", `"booked"`]) expect(told).not.toContain(secret);
});

test("doctors see their own bookings, and of others only that they are busy", async ({ page, clinic, signIn }) => {
  const own = await register(clinic, { lastName: "Own" });
  const other = await register(clinic, { lastName: "Other" });
  await listening(page, BOARD, (place) => signIn("doctor", place, { doctorId: own.id }));
  const [first, second] = await clinic.patients();
  await book(clinic, own, at("11:00"), { patientId: first?.id });
  await expect(slot(page, /^11:00 booked.*Ada Own/)).toBeVisible();
  await book(clinic, other, at("12:00"), { patientId: second?.id });
  await expect(slot(page, /^12:00 booked.*Ada Other/)).toBeVisible();
  // The own one leads to whom it is of, the other's says only that it is taken.
  await slot(page, /^11:00 booked/).click();
  await expect(page.getByRole("complementary")).toContainText(`${first?.firstName} ${first?.lastName}`);
  await page.keyboard.press("Escape");
  await slot(page, /^12:00 booked/).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.getByRole("dialog")).not.toContainText(`${second?.lastName}`);
});
