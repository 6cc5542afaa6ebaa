// @ts-check
//
// The way to the next slot that is free.

import { board } from "../src/board.js";
import { daily, register } from "../src/doctors.js";
import { expect, test } from "../src/test.js";

const ALL_DAY = { start: "2030-01-07T00:00:00+01:00", end: "2030-01-08T00:00:00+01:00", reason: "conference" };

test.describe("next free", () => {
  test("leads to the first free slot of a specialty, and then to the next date that has one", async ({ page, clinic, signIn }) => {
    await register(clinic, { workingHours: { thursday: [{ start: "09:00", end: "11:00" }] } });
    await signIn("front-desk", "/#/day?specialty=radiology");
    const { title, slot, nextFree, status } = board(page);
    await expect(title).toHaveText("Monday, 7 January 2030");
    await nextFree.click();
    await expect(title).toHaveText("Thursday, 10 January 2030");
    await expect(slot(/^09:00 free/)).toBeFocused();
    await expect(status).toHaveText("Next free: Thursday, 10 January 2030, 09:00");
    await nextFree.click();
    await expect(title).toHaveText("Thursday, 17 January 2030");
    await expect(slot(/^09:00 free/)).toBeFocused();
  });

  test("finds what is still free today, beside somebody who is busy then", async ({ page, clinic, signIn }) => {
    const busy = await register(clinic, { lastName: "Busy" });
    await register(clinic, { lastName: "Idle", workingHours: daily(["13:00", "14:00"]) });
    await clinic.ask("POST", `/doctors/${busy.id}/time-off`, ALL_DAY);
    await signIn("front-desk", "/#/day?specialty=radiology");
    const { title, slot, nextFree } = board(page);
    await expect(slot(/^13:00 time off/)).toBeVisible();
    await nextFree.click();
    await expect(slot("13:00 free until 14:00, Ada Idle")).toBeFocused();
    await expect(title).toHaveText("Monday, 7 January 2030");
  });

  test("is of the one doctor in a week and in a month, and of a name", async ({ page, clinic, signIn }) => {
    const doctor = await register(clinic, { workingHours: {} });
    await clinic.ask("PUT", `/doctors/${doctor.id}/overrides/2030-03-20`, { windows: [{ start: "09:00", end: "10:00" }] });
    await signIn("front-desk", `/#/week?doctor=${doctor.id}`);
    const { title, slot, nextFree } = board(page);
    await expect(title).toHaveText("Ada Rosenthal, 7 Jan 2030 – 13 Jan 2030");
    await nextFree.click();
    await expect(title).toHaveText("Ada Rosenthal, 18 Mar 2030 – 24 Mar 2030");
    await expect(slot(/^09:00 free/)).toBeFocused();
    await page.goto(`/#/month?doctor=${doctor.id}`);
    await expect(title).toHaveText("Ada Rosenthal, January 2030");
    await nextFree.click();
    await expect(title).toHaveText("Ada Rosenthal, March 2030");
    await expect(page.getByRole("link", { name: /20 March/ })).toBeFocused();
    await page.goto("/#/day?q=rosenthal");
    await expect(title).toHaveText("Monday, 7 January 2030");
    await nextFree.click();
    await expect(title).toHaveText("Wednesday, 20 March 2030");
    await page.goto("/#/list?q=rosenthal");
    await nextFree.click();
    await expect(title).toHaveText("Free from 20 Mar 2030 to 2 Apr 2030");
    await expect(page.getByRole("button", { name: /^09:00 free/ })).toBeFocused();
  });

  test("says so when nothing is free", async ({ page, clinic, signIn }) => {
    await register(clinic, { workingHours: {} });
    await signIn("front-desk", "/#/day?specialty=radiology");
    const { title, nextFree, status } = board(page);
    await expect(title).toHaveText("Monday, 7 January 2030");
    await nextFree.click();
    await expect(status).toHaveText("Nothing is free within a year.");
    await expect(title).toHaveText("Monday, 7 January 2030");
    await expect(nextFree).toBeFocused();
  });
});
