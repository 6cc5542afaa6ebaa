// @ts-check
import { doctorCalled, hearNothing, seen } from "../src/hours.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

// To look at what is shown takes a while where others work on the same machine.
test.slow();

/** @param {Page} page */
const views = (page) => ({
  ...seen(page),
  date: page.getByLabel("Date", { exact: true }),
  field: (/** @type {string} */ name) => page.getByRole("textbox", { name: `Windows on this date, ${name}` }),
  entries: page.locator(".entries > li"),
});

test("a date gets other hours, which begin with those of the week, and the board has them", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await clinic.ask("PUT", `/doctors/${id}/overrides/2030-12-24`, { windows: [] });
  await signIn("front-desk", `/#/overrides?doctor=${id}`);
  const { title, date, field, button, told, entries } = views(page);
  await expect(title).toHaveText("Single dates of Amelie Brandt");
  await expect(entries).toHaveCount(1);
  await expect(entries.first()).toContainText("Tuesday, 24 December 2030");
  await expect(entries.first()).toContainText("closed");

  // A Saturday, then a Wednesday: nothing was entered in between, so what the week says changes.
  await date.fill("2030-04-06");
  await date.blur();
  await expect(page.getByText("By the week, on Saturday, 6 April 2030: does not work.")).toBeVisible();
  await date.fill("2030-04-10");
  await date.blur();
  await expect(page.getByText("By the week, on Wednesday, 10 April 2030: 08:00 – 12:30.")).toBeVisible();
  await expect(field("window 1, until")).toHaveValue("12:30");
  await field("window 1, until").fill("10");
  await button("Add a window").click();
  await expect(field("window 2, from")).toBeFocused();
  await expect(field("window 1, until")).toHaveValue("10:00");
  await field("window 2, from").fill("18:00");
  await field("window 2, until").fill("24:00");
  await look("overrides");
  await button("Save").click();
  await expect(told).toHaveText("Saved: Wednesday, 10 April 2030. No visit is affected.");
  await expect(entries).toHaveCount(2);
  await expect(entries.first()).toContainText("08:00 – 10:00, 18:00 – 24:00");
  await expect(date).toBeFocused();
  await expect(date).toHaveValue("");

  await page.goto(`/#/week?doctor=${id}&date=2030-04-10`);
  const slots = page.locator('[data-start^="2030-04-10"]');
  await expect(slots).toHaveCount(4 + 12);
  await expect(slots.last()).toHaveText(/23:30 free/);
});

test("a date is closed, whose visits are shown first and kept, and later it goes by the week again", async ({
  page,
  clinic,
  signIn,
}) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  const path = `/doctors/${id}/overrides/2030-01-08`;
  const { affectedBookings } = await clinic.ask("PUT", `${path}?dryRun=true`, { windows: [] });
  expect(affectedBookings.length).toBeGreaterThan(1);
  await signIn("front-desk", `/#/overrides?doctor=${id}`);
  const { date, button, told, dialog, entries } = views(page);
  await date.fill("2030-01-08");
  await page.getByLabel("Closed on this date").check();
  await expect(page.getByRole("textbox", { name: /Windows/ })).toHaveCount(0);
  await button("Save").click();
  await expect(dialog).toContainText(`${affectedBookings.length} visits would be left outside the hours.`);
  await page.keyboard.press("Escape");
  await expect(entries).toHaveCount(0);
  await expect(date).toHaveValue("2030-01-08");
  await expect(page.getByLabel("Closed on this date")).toBeChecked();
  await button("Save").click();
  await dialog.getByRole("button", { name: "Save, and keep them" }).click();
  await expect(told).toHaveText(
    `Saved: Tuesday, 8 January 2030. ${affectedBookings.length} visits stay, marked as outside the hours.`,
  );
  expect(await clinic.ask("GET", `/bookings/${affectedBookings[0].id}`)).toMatchObject({ outsideHours: true });

  await button("Remove Tuesday, 8 January 2030").click();
  await expect(dialog).toContainText("Let Tuesday, 8 January 2030 go by the week again?");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(told).toHaveText("The date goes by the week again. No visit is affected.");
  await expect(entries).toHaveCount(0);
  expect(await clinic.ask("GET", `/bookings/${affectedBookings[0].id}`)).toMatchObject({ outsideHours: false });
});

test("what is refused is told at its window, and nothing is lost", async ({ page, clinic, signIn, look }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/overrides?doctor=${id}`);
  const { date, field, button, alert } = views(page);
  await button("Save").click();
  await expect(alert).toHaveText("Please give a date.");
  await expect(date).toBeFocused();
  await date.fill("2030-04-08");
  await expect(field("window 2, until")).toHaveValue("16:30");
  await field("window 2, from").fill("11:00");
  await button("Save").click();
  await expect(alert).toHaveText("It was not saved: please see what is marked.");
  await expect(page.getByText("This window begins before another has ended.")).toBeVisible();
  await expect(field("window 2, from")).toBeFocused();
  await expect(field("window 2, from")).toHaveValue("11:00");
  await look();

  await button("Remove the window: Windows on this date, window 2, 11:00 – 16:30").click();
  await button("Remove the window: Windows on this date, window 1, 08:00 – 12:00").click();
  await expect(button("Add a window")).toBeFocused();
  await button("Save").click();
  await expect(alert).toHaveText("Please add a window, or say that it is closed.");
});

test("an entry is changed, and what somebody else has saved unheard is told before it is replaced", async ({
  page,
  clinic,
  signIn,
}) => {
  await hearNothing(page);
  const { id } = await doctorCalled(clinic, "Brandt");
  const path = `/doctors/${id}/overrides/2030-04-10`;
  await clinic.ask("PUT", path, { windows: [{ start: "09:00", end: "10:00" }] });
  await signIn("front-desk", `/#/overrides?doctor=${id}`);
  const { date, field, button, told, alert, entries } = views(page);
  await button("Change Wednesday, 10 April 2030").click();
  await expect(date).toHaveValue("2030-04-10");
  await expect(field("window 1, until")).toHaveValue("10:00");
  await field("window 1, until").fill("11:00");
  await clinic.ask("PUT", path, { windows: [{ start: "15:00", end: "16:00" }] });
  await button("Save").click();
  await expect(alert).toContainText("What is there now on this date: 15:00 – 16:00.");
  await expect(entries.first()).toContainText("15:00 – 16:00");
  await expect(field("window 1, until")).toHaveValue("11:00");
  await button("Save").click();
  await expect(told).toHaveText("Saved: Wednesday, 10 April 2030. No visit is affected.");
  await expect(entries.first()).toContainText("09:00 – 11:00");
});

test("what others enter shows at once, what was typed stays, and leaving asks", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/overrides?doctor=${id}`);
  const { date, dialog, entries, button } = views(page);
  await date.fill("2030-04-10");
  await clinic.ask("PUT", `/doctors/${id}/overrides/2030-05-08`, { windows: [] });
  await expect(entries).toHaveCount(1);
  await expect(date).toHaveValue("2030-04-10");
  // Changing another one would take away what was typed.
  await button("Change Wednesday, 8 May 2030").click();
  await dialog.getByRole("button", { name: "Stay here" }).click();
  await expect(date).toHaveValue("2030-04-10");
  await page.getByRole("link", { name: "Time off" }).click();
  await expect(dialog).toContainText("What you have changed here is not saved yet.");
  await dialog.getByRole("button", { name: "Leave without saving" }).click();
  await expect(page.getByRole("heading", { name: "Time off of Amelie Brandt" })).toBeFocused();
});
