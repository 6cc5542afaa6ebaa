// @ts-check
//
// Many doctors, few requests; and screens of every size.

import { fileURLToPath } from "node:url";
import { register } from "../src/doctors.js";
import { expectNoBarriers, expectNoSidewaysScrolling } from "../src/look.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("../src/clinic.js").Clinic} Clinic */

/** How many there are at once. */
const PAGE = 50;

/**
 * @param {Clinic} clinic
 * @param {number} count
 */
async function hire(clinic, count) {
  for (let number = 1; number <= count; number += 1) {
    await register(clinic, { lastName: `Rosenthal ${String(number).padStart(3, "0")}`, slotMinutes: 30 });
  }
}

/** Until there is something to see. */
const FIRST_SCREEN = /** @type {Record<string, string>} */ ({
  day: "table.hours .chip.free",
  week: "table.hours thead .count, table.hours thead .why",
  month: "table.month .count",
  list: ".slots .chip.free",
});

for (const [view, shown] of Object.entries(FIRST_SCREEN)) {
  test(`with 62 doctors, what is shown first of a ${view} needs three requests at most`, async ({ page, clinic, signIn }) => {
    await hire(clinic, PAGE);
    await signIn("front-desk", "/problems/not-found");
    // What comes after the third, and what happens, is not told until something is shown: so it is not needed for that.
    /** @type {string[]} */
    const told = [];
    /** @type {() => void} */
    let letOn = () => {};
    const isShown = new Promise((resolve) => (letOn = () => resolve(undefined)));
    await page.route("**/api/**", async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.endsWith("/events") || told.length === 3) await isShown;
      else told.push(pathname.replace(/[0-9a-f-]{36}/, "ID"));
      await route.continue();
    });
    await page.goto(`/#/${view}?date=2030-01-09`);
    await expect(page.locator(shown).first()).toBeVisible();
    expect(told.length).toBeLessThanOrEqual(3);
    if (view === "day") {
      await expect(page.getByRole("columnheader")).toHaveCount(PAGE);
      expect(told.slice(0, 2)).toEqual(["/api/v1/me", "/api/v1/board"]);
    }
    letOn();
  });
}

test("who does not fit on the board is shown when wanted, and the focus goes there", async ({ page, clinic, signIn }) => {
  await hire(clinic, PAGE);
  const doctors = await clinic.doctors();
  await signIn("front-desk", "/#/day?date=2030-01-09");
  const heads = page.getByRole("columnheader");
  await expect(heads).toHaveCount(PAGE);
  const more = page.getByRole("button", { name: "More doctors" });
  await more.focus();
  await page.keyboard.press("Enter");
  await expect(heads).toHaveCount(doctors.length);
  await expect(more).toBeHidden();
  await expect(heads.nth(PAGE).getByRole("link").first()).toBeFocused();
  const names = await heads.locator("a[data-key^=week]").allTextContents();
  expect(new Set(names).size).toBe(doctors.length);
  // A change shows in those who came later, too.
  const last = doctors.find(({ lastName }) => names.at(-1)?.includes(lastName));
  await clinic.ask("POST", `/doctors/${last?.id}/time-off?affected=keep`, {
    start: "2030-01-09T00:00:00+01:00",
    end: "2030-01-10T00:00:00+01:00",
    reason: "away",
  });
  await expect(heads.last()).toContainText("time off");
  await expect(heads).toHaveCount(doctors.length);
});

test.describe("on a screen of 3840 by 2160", () => {
  test.use({ viewport: { width: 3840, height: 2160 } });

  test("all doctors of a day and all of their hours are there at once", async ({ page, clinic, signIn, store }) => {
    const doctors = await clinic.doctors();
    const keller = doctors.find(({ lastName }) => lastName === "Keller")?.id;
    await clinic.ask("POST", "/holds", { doctorId: keller, start: "2030-01-07T14:00:00+01:00", ttlSeconds: 900 });
    await clinic.ask("POST", `/doctors/${keller}/time-off`, {
      start: "2030-01-07T14:45:00+01:00",
      end: "2030-01-07T15:30:00+01:00",
      reason: "meeting",
    });
    await signIn("front-desk", "/#/day");
    const heads = page.getByRole("columnheader");
    await expect(heads).toHaveCount(doctors.length);
    for (const index of doctors.keys()) await expect(heads.nth(index)).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("row").last()).toBeInViewport({ ratio: 1 });
    expect((await page.locator("table.hours").boundingBox())?.width).toBeGreaterThan(0.95 * 3840);
    // It is read from further away.
    expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe("20px");
    await expectNoSidewaysScrolling(page);
    await expectNoBarriers(page);
    const kept = process.env.UPDATE_SCREENSHOTS && store === "sqlite";
    const path = fileURLToPath(new URL("../../docs/screenshots/day-4k.png", import.meta.url));
    await page.screenshot({ ...(kept ? { path } : {}), animations: "disabled", scale: "css" });
  });
});

for (const width of [360, 600, 768, 1024, 1440, 1920, 2560]) {
  test(`at ${width} pixels nothing is cut off, and nothing lies on something else`, async ({ page, clinic, signIn }) => {
    await page.setViewportSize({ width, height: 900 });
    const doctor = (await clinic.doctors())[1]?.id;
    await signIn("front-desk", "/#/day");
    for (const [view, shown] of Object.entries(FIRST_SCREEN)) {
      await page.goto(`/#/${view}${view === "week" || view === "month" ? `?doctor=${doctor}` : ""}`);
      await expect(page.locator(shown).first()).toBeVisible();
      await expectNoSidewaysScrolling(page, view);
      // What can be pressed above the board is inside of the window, and beside each other.
      const faults = await page.evaluate(() => {
        const all = [...document.querySelectorAll(".top a, .top button, .filters input, .filters select, .filters button")];
        const boxes = all
          .map((one) => ({ name: one.textContent || one.id, box: one.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0);
        const cut = boxes.filter(({ box }) => box.left < 0 || box.right > innerWidth).map(({ name }) => `${name} is cut off`);
        const over = boxes.flatMap(({ name, box }, index) =>
          boxes
            .slice(index + 1)
            .filter(
              ({ box: other }) =>
                box.left < other.right - 1 && other.left < box.right - 1 && box.top < other.bottom - 1 && other.top < box.bottom - 1,
            )
            .map((other) => `${name} lies on ${other.name}`),
        );
        const small = boxes.filter(({ box }) => box.height < 24 || box.width < 24).map(({ name }) => `${name} is too small`);
        return [...cut, ...over, ...small];
      });
      expect(faults, view).toEqual([]);
      // No word of a slot is cut off in its cell.
      const spills = await page.evaluate(() =>
        [...document.querySelectorAll("#view .chip, #view th > *, .month a > *")]
          .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline" && !one.matches(".heard"))
          .map((one) => one.textContent),
      );
      expect(spills, view).toEqual([]);
    }
  });
}
