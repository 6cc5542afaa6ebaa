// @ts-check
import { doctorCalled, seen, tabTo } from "../src/hours.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

// To look at what is shown takes a while where others work on the same machine.
test.slow();

/** @param {Page} page */
const views = (page) => ({
  ...seen(page),
  firstDay: page.getByLabel("First day"),
  lastDay: page.getByLabel("Last day"),
  from: page.getByLabel("Away from"),
  until: page.getByLabel("Away until"),
  enter: page.getByRole("button", { name: "Enter time off" }),
  entries: page.locator(".entries > li"),
});

test("whole days off are entered with the keyboard alone, and the board has none of them free", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/time-off?doctor=${id}`);
  const { title, firstDay, lastDay, enter, told, entries } = views(page);
  await expect(title).toHaveText("Time off of Amelie Brandt");
  await expect(page.getByText("There is none.")).toBeVisible();
  await tabTo(page, firstDay);
  await firstDay.fill("2030-07-01");
  await page.keyboard.press("Tab");
  await tabTo(page, lastDay);
  await expect(lastDay).toHaveValue("2030-07-01");
  await lastDay.fill("2030-07-12");
  await tabTo(page, page.getByLabel("Reason for being away"));
  await page.keyboard.type("Holidays");
  await page.keyboard.press("Enter");
  await expect(told).toHaveText("The time off is entered. No visit is affected.");
  await expect(firstDay).toBeFocused();
  await expect(entries).toHaveText([/Monday, 1 July 2030 to Friday, 12 July 2030.*Holidays/]);
  await expect(enter).toBeEnabled();
  await look("time-off");
  const { items } = await clinic.ask("GET", `/doctors/${id}/time-off`);
  expect(items[0]).toMatchObject({ start: "2030-07-01T00:00:00+02:00", end: "2030-07-13T00:00:00+02:00" });
  await page.goto(`/#/week?doctor=${id}&date=2030-07-01`);
  await expect(page.getByRole("columnheader").first()).toContainText("time off");
});

test("whose visits lie in time off is shown first, and it is given up, or they are kept", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  const body = { start: "2030-01-08T00:00:00+01:00", end: "2030-01-09T00:00:00+01:00" };
  const { affectedBookings } = await clinic.ask("POST", `/doctors/${id}/time-off?dryRun=true`, body);
  expect(affectedBookings.length).toBeGreaterThan(1);
  await signIn("doctor", "/#/time-off", { doctorId: id });
  const { firstDay, enter, dialog, told, button, entries } = views(page);
  await firstDay.fill("2030-01-08");
  await firstDay.blur();
  await enter.click();
  await expect(dialog).toContainText(`${affectedBookings.length} visits would be left outside the hours.`);
  const { firstName, lastName } = await clinic.ask("GET", `/patients/${affectedBookings[0].patientId}`);
  await expect(dialog.getByRole("listitem").first()).toContainText(`${firstName} ${lastName}`);
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(enter).toBeFocused();
  await expect(firstDay).toHaveValue("2030-01-08");
  expect((await clinic.ask("GET", `/doctors/${id}/time-off`)).items).toEqual([]);

  await enter.click();
  await dialog.getByRole("button", { name: "Save, and keep them" }).click();
  await expect(told).toHaveText(
    `The time off is entered. ${affectedBookings.length} visits stay, marked as outside the hours.`,
  );
  await button("Remove Tuesday, 8 January 2030").click();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(told).toHaveText("The time off is removed.");
  await expect(entries).toHaveCount(0);
  expect(await clinic.ask("GET", `/bookings/${affectedBookings[0].id}`)).toMatchObject({ outsideHours: false });
});

test("of a time that comes twice one has to say which, and both are told apart", async ({ page, clinic, signIn, look }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/time-off?doctor=${id}`);
  const { firstDay, lastDay, from, until, enter, alert, told, entries } = views(page);
  await page.getByLabel("Whole days").uncheck();
  await firstDay.fill("2030-10-27");
  await from.fill("2:30");
  await lastDay.fill("2030-10-27");
  await until.fill("02:30");
  await until.blur();
  const which = page.getByRole("group", { name: "On Sunday, 27 October 2030 the clocks are set back: 02:30 comes twice." });
  await expect(which).toHaveCount(2);
  await enter.click();
  await expect(alert).toHaveText("02:30 comes twice on Sunday, 27 October 2030: please choose which of the two you mean.");
  await expect(which.first().getByRole("radio").first()).toBeFocused();
  await look();
  await which.first().getByLabel("The first (UTC+02:00)").check();
  await expect(alert).toHaveCount(0);
  await which.last().getByLabel("The second (UTC+01:00)").check();
  await enter.click();
  await expect(told).toHaveText("The time off is entered. No visit is affected.");
  await expect(entries).toContainText([/Sunday, 27 October 2030, 02:30 \(UTC\+02:00\) – 02:30 \(UTC\+01:00\)/]);
  const { items } = await clinic.ask("GET", `/doctors/${id}/time-off`);
  expect(items[0]).toMatchObject({ start: "2030-10-27T02:30:00+02:00", end: "2030-10-27T02:30:00+01:00" });
});

test("a time that the clocks skip is refused in words, and the offset is that of the day", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/time-off?doctor=${id}`);
  const { firstDay, lastDay, from, until, enter, alert, told } = views(page);
  await page.getByLabel("Whole days").uncheck();
  await firstDay.fill("2030-03-31");
  await from.fill("02:15");
  await lastDay.fill("2030-03-31");
  await until.fill("12:00");
  await enter.click();
  await expect(alert).toHaveText("The clocks skip 02:15 on Sunday, 31 March 2030: please choose another time.");
  await expect(from).toBeFocused();
  await expect(from).toHaveAttribute("aria-invalid", "true");
  await expect(until).toHaveValue("12:00");
  await from.fill("01:45");
  await enter.click();
  await expect(told).toHaveText("The time off is entered. No visit is affected.");
  const { items } = await clinic.ask("GET", `/doctors/${id}/time-off`);
  expect(items[0]).toMatchObject({ start: "2030-03-31T01:45:00+01:00", end: "2030-03-31T12:00:00+02:00" });
});

test("it is the doctor’s clock that counts, wherever one is", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "McKenzie");
  await signIn("front-desk", `/#/time-off?doctor=${id}`);
  const { firstDay, lastDay, from, until, enter, entries } = views(page);
  await expect(page.getByText("on the clock in Australia/Lord_Howe. Yours: Europe/Berlin.")).toBeVisible();
  await page.getByLabel("Whole days").uncheck();
  await firstDay.fill("2030-02-04");
  await from.fill("09:00");
  // There, clocks are set back by half an hour.
  await lastDay.fill("2030-04-07");
  await until.fill("01:45");
  await until.blur();
  await page.getByLabel("The second (UTC+10:30)").check();
  await enter.click();
  await expect(entries).toContainText([/Monday, 4 February 2030, 09:00 – Sunday, 7 April 2030, 01:45 \(UTC\+10:30\)/]);
  const { items } = await clinic.ask("GET", `/doctors/${id}/time-off`);
  expect(items[0]).toMatchObject({ start: "2030-02-04T09:00:00+11:00", end: "2030-04-07T01:45:00+10:30" });
});

test("what is no time, or ends before it begins, is told at its place", async ({ page, clinic, signIn, look }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/time-off?doctor=${id}`);
  const { firstDay, lastDay, from, until, enter, alert } = views(page);
  await enter.click();
  await expect(alert).toHaveText("Please give a date.");
  await expect(firstDay).toBeFocused();
  await page.getByLabel("Whole days").uncheck();
  await firstDay.fill("2030-02-04");
  await from.fill("noon");
  await enter.click();
  await expect(alert).toHaveText("This is no time of day: please write it like 08:30.");
  await expect(from).toHaveValue("noon");
  await from.fill("12:00");
  await lastDay.fill("2030-02-04");
  await until.fill("11:00");
  await enter.click();
  await expect(alert).toHaveText("It has to end after it begins.");
  await expect(lastDay).toBeFocused();
  await look();
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("time off is entered in German", async ({ page, clinic, signIn, look }) => {
    const { id } = await doctorCalled(clinic, "Brandt");
    await signIn("front-desk", `/#/time-off?doctor=${id}`);
    const { title, told, entries } = views(page);
    await expect(title).toHaveText("Abwesenheit: Amelie Brandt");
    await page.getByLabel("Ganze Tage").uncheck();
    await page.getByLabel("Erster Tag").fill("2030-10-27");
    await page.getByLabel("Abwesend von").fill("02:00");
    await page.getByLabel("Letzter Tag").fill("2030-10-28");
    await page.getByLabel("Die zweite (UTC+01:00)").check();
    await look();
    await page.getByRole("button", { name: "Abwesenheit eintragen" }).click();
    await expect(told).toHaveText("Die Abwesenheit ist eingetragen. Kein Termin ist betroffen.");
    await expect(entries).toContainText([/Sonntag, 27\. Oktober 2030, 02:00 \(UTC\+01:00\) – Montag, 28\. Oktober 2030, 00:00/]);
  });
});
