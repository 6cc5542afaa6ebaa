// @ts-check
import { doctorCalled, hearNothing, seen, tabTo } from "../src/hours.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

// A whole day is in sight, so that the pointer can go wherever it has to.
test.use({ viewport: { width: 1280, height: 1100 } });
// To look at a week four times, with all its fields, takes a while where others work on the same machine.
test.slow();

/** @param {Page} page */
const views = (page) => ({
  ...seen(page),
  track: (/** @type {string} */ day) => page.locator(`.track[data-day="${day}"]`),
  windows: (/** @type {string} */ day) => page.locator(`.track[data-day="${day}"]`).getByRole("application"),
  day: (/** @type {string} */ name) => page.getByRole("group", { name, exact: true }).filter({ has: page.locator("legend") }),
  heard: page.locator(".drawn-hours > .heard"),
  firstDay: page.getByLabel("First day"),
  versions: page.getByRole("region", { name: "All versions" }).getByRole("listitem").filter({ has: page.locator(".badge") }),
});

/**
 * Where a time of a day is on the screen.
 *
 * @param {Page} page
 * @param {string} day
 * @param {string} time
 */
async function place(page, day, time) {
  const [hour, minute] = time.split(":").map(Number);
  const box = await page.locator(`.track[data-day="${day}"]`).boundingBox();
  if (box === null) throw new Error(`${day} is not to be seen`);
  return { x: box.x + box.width / 2, y: box.y + (box.height * ((hour ?? 0) * 60 + (minute ?? 0))) / 1440 };
}

/**
 * Presses at one place, and lets go at another.
 *
 * @param {Page} page
 * @param {[day: string, time: string]} from
 * @param {[day: string, time: string]} to
 */
async function drag(page, from, to) {
  const [start, end] = [await place(page, ...from), await place(page, ...to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 3 });
  await page.mouse.move(end.x, end.y, { steps: 3 });
  await page.mouse.up();
}

test("the week of a doctor is there as it is", async ({ page, clinic, signIn, look }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { title, windows, versions } = views(page);
  await expect(title).toHaveText("Working hours of Amelie Brandt");
  await expect(page.getByText("Slots of 30 minutes, on the clock in Europe/Berlin.")).toBeVisible();
  await expect(windows("monday")).toHaveText(["08:00 – 12:00", "13:00 – 16:30"]);
  await expect(windows("wednesday")).toHaveText(["08:00 – 12:30"]);
  await expect(windows("sunday")).toHaveCount(0);
  await expect(windows("monday").first()).toHaveAccessibleName("Monday, 08:00 – 12:00");
  await expect(windows("monday").first()).toHaveAccessibleDescription(/arrows move a window/);
  await expect(versions).toHaveCount(1);
  await expect(versions.first()).toContainText("all dates");
  await look("hours");
});

test("windows are drawn, made longer and moved with the pointer, and the board has their slots", async ({
  page,
  clinic,
  signIn,
}) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, button, told } = views(page);
  await expect(windows("monday")).toHaveCount(2);

  await drag(page, ["saturday", "09:05"], ["saturday", "10:55"]);
  await expect(windows("saturday")).toHaveText(["09:00 – 11:00"]);
  await expect(windows("saturday")).toBeFocused();
  // By its end, then as a whole, to the next day and an hour later.
  await drag(page, ["saturday", "10:58"], ["saturday", "12:00"]);
  await expect(windows("saturday")).toHaveText(["09:00 – 12:00"]);
  await drag(page, ["saturday", "10:30"], ["sunday", "11:30"]);
  await expect(windows("saturday")).toHaveCount(0);
  await expect(windows("sunday")).toHaveText(["10:00 – 13:00"]);
  // What meets another window ends there, and the last minute of a day is 24:00.
  await drag(page, ["wednesday", "15:00"], ["wednesday", "11:00"]);
  await expect(windows("wednesday")).toHaveText(["08:00 – 12:30", "12:30 – 15:00"]);
  await drag(page, ["friday", "22:35"], ["friday", "23:59"]);
  await expect(windows("friday")).toHaveText(["08:00 – 12:30", "22:30 – 24:00"]);
  // The times beside it are the same.
  await expect(page.getByRole("textbox", { name: "Friday, window 2, until" })).toHaveValue("24:00");

  await button("Save").click();
  await expect(told).toHaveText("Saved (8 Jan 2030). No visit is affected.");
  const hours = await clinic.ask("GET", `/doctors/${id}/working-hours?on=2030-01-08`);
  expect(hours.weekly.sunday).toEqual([{ start: "10:00", end: "13:00" }]);
  expect(hours.weekly.friday).toContainEqual({ start: "22:30", end: "24:00" });

  await page.getByRole("link", { name: "To the week" }).click();
  await page.getByLabel("Date").fill("2030-01-13");
  const slots = page.locator('[data-start^="2030-01-13"]');
  await expect(slots.first()).toHaveText(/10:00 free/);
  await expect(slots).toHaveCount(6);
});

test("the pointer is let off with Escape, and a press alone makes an hour", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("administrator", `/#/hours?doctor=${id}`);
  const { windows, button } = views(page);
  await expect(windows("monday")).toHaveCount(2);
  const [start, end] = [await place(page, "saturday", "09:00"), await place(page, "saturday", "11:00")];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 3 });
  await expect(page.locator(".window.drawn")).toHaveText("09:00 – 11:00");
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await expect(page.locator(".track[data-day=saturday] .window")).toHaveCount(0);

  const { x, y } = await place(page, "sunday", "14:05");
  await page.mouse.click(x, y);
  await expect(windows("sunday")).toHaveText(["14:00 – 15:00"]);
  await button("Discard changes").click();
  await expect(windows("sunday")).toHaveCount(0);
});

test("the keyboard alone draws, moves, removes and saves", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, button, heard, told } = views(page);
  const { press } = page.keyboard;
  /** @param {string[]} keys */
  const keys = async (...keys) => {
    for (const key of keys) await press.call(page.keyboard, key);
  };
  await expect(windows("monday")).toHaveCount(2);

  await tabTo(page, button("Add a window: Saturday").first());
  await keys("Enter");
  await expect(windows("saturday")).toBeFocused();
  await expect(heard).toHaveText("Added: Saturday, 09:00 – 10:00");
  await keys("ArrowDown");
  await expect(heard).toHaveText("Saturday, 09:15 – 10:15");
  await keys("Shift+ArrowDown", "Shift+ArrowLeft");
  await expect(windows("saturday")).toHaveText(["09:00 – 10:30"]);
  await keys("PageDown", "ArrowRight");
  await expect(heard).toHaveText("Sunday, 10:00 – 11:30");
  await expect(windows("sunday")).toBeFocused();
  await keys("Insert");
  await expect(windows("sunday")).toHaveText(["10:00 – 11:30", "12:30 – 13:30"]);
  await expect(windows("sunday").last()).toBeFocused();
  // It does not go through the one before.
  await keys("PageUp", "PageUp");
  await expect(windows("sunday")).toHaveText(["10:00 – 11:30", "11:30 – 12:30"]);
  await keys("Delete");
  await expect(heard).toHaveText("Removed: Sunday, 11:30 – 12:30");
  await expect(windows("sunday")).toBeFocused();

  await keys("Enter");
  const start = page.getByRole("textbox", { name: "Sunday, window 1, from" });
  await expect(start).toBeFocused();
  await start.press("Control+a");
  await page.keyboard.type("1005");
  await keys("Tab");
  await expect(start).toHaveValue("10:05");
  await expect(page.getByRole("textbox", { name: "Sunday, window 1, until" })).toBeFocused();
  await expect(windows("sunday")).toHaveText(["10:05 – 11:30"]);

  await tabTo(page, button("Save"));
  await keys("Enter");
  await expect(told).toHaveText("Saved (8 Jan 2030). No visit is affected.");
  await expect(button("Save")).toBeFocused();
  const { weekly } = await clinic.ask("GET", `/doctors/${id}/working-hours?on=2030-01-08`);
  expect(weekly.sunday).toEqual([{ start: "10:05", end: "11:30" }]);
  expect(weekly.saturday).toBeUndefined();
});

test("a day is copied to others, in place of what was there", async ({ page, clinic, signIn, look }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, button, dialog, heard, alert } = views(page);
  const copy = button("Copy … Monday");
  await copy.click();
  await dialog.getByRole("button", { name: "Copy" }).click();
  await expect(alert).toHaveText("Please choose a day at least.");
  await look();
  await dialog.getByLabel("Wednesday").check();
  await dialog.getByLabel("Saturday").check();
  await dialog.getByRole("button", { name: "Copy" }).click();
  await expect(windows("wednesday")).toHaveText(["08:00 – 12:00", "13:00 – 16:30"]);
  await expect(windows("saturday")).toHaveText(["08:00 – 12:00", "13:00 – 16:30"]);
  await expect(windows("friday")).toHaveText(["08:00 – 12:30"]);
  await expect(heard).toHaveText("Monday was copied to: Wednesday, Saturday");
  await expect(copy).toBeFocused();
});

test("hours hold from a date on, and versions are looked at, begun from and removed", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, button, dialog, firstDay, versions, told } = views(page);
  await expect(firstDay).toHaveValue("2030-01-08");
  await drag(page, ["saturday", "09:00"], ["saturday", "12:00"]);
  await firstDay.fill("2030-03-01");
  await firstDay.blur();
  await button("Save").click();
  await expect(told).toHaveText("Saved (1 Mar 2030). No visit is affected.");
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText("until 28 Feb 2030");
  await expect(versions.last()).toContainText("from 1 Mar 2030 on");
  await expect(page.getByText("It replaces the version that begins on 1 Mar 2030.")).toBeVisible();

  // What was before is as it was.
  await button("Look at it until 28 Feb 2030").click();
  await expect(windows("saturday")).toHaveCount(0);
  await expect(page.getByLabel("Since ever")).toBeChecked();
  await expect(page.getByText("It holds until 28 Feb 2030; then another version begins.")).toBeVisible();
  // The later version is where another one begins.
  await button("Begin from it from 1 Mar 2030 on").click();
  await expect(windows("saturday")).toHaveText(["09:00 – 12:00"]);
  await firstDay.fill("2030-06-01");
  await button("Save").click();
  await expect(told).toHaveText("Saved (1 Jun 2030). No visit is affected.");
  await expect(versions).toHaveCount(3);

  await button("Remove 1 Mar 2030 to 31 May 2030").click();
  await expect(dialog).toContainText("No visit would be affected.");
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(versions).toHaveCount(3);
  await button("Remove 1 Mar 2030 to 31 May 2030").click();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(told).toHaveText("The version is removed. No visit is affected.");
  await expect(versions).toHaveCount(2);
  const { items } = await clinic.ask("GET", `/doctors/${id}/working-hours/versions`);
  expect(items.map((/** @type {any} */ { effectiveFrom }) => effectiveFrom)).toEqual([null, "2030-06-01"]);
});

test("what is refused is told at its window, and nothing that was typed is lost", async ({ page, clinic, signIn, look }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, button, day, alert } = views(page);
  const field = (/** @type {string} */ name) => page.getByRole("textbox", { name });
  await field("Monday, window 2, from").fill("11:00");
  await field("Tuesday, window 1, until").fill("08:00");
  await field("Thursday, window 2, until").fill("25:00");
  await button("Save").click();
  await expect(alert).toHaveText("It was not saved: please see what is marked.");
  await expect(day("Tuesday").getByText("This window is empty: it ends when it begins.")).toBeVisible();
  await expect(day("Thursday").getByText("This is no time of day: please write it like 08:30.")).toBeVisible();
  await expect(field("Thursday, window 2, until")).toHaveAttribute("aria-invalid", "true");
  await expect(field("Thursday, window 2, until")).toHaveAccessibleDescription(/This is no time of day/);
  await expect(field("Thursday, window 2, from")).not.toHaveAttribute("aria-invalid");
  await expect(field("Thursday, window 2, until")).toHaveValue("25:00");
  await expect(page.locator(".days [aria-invalid]").first()).toBeFocused();
  await look();

  await field("Tuesday, window 1, until").fill("12:00");
  await field("Thursday, window 2, until").fill("16.30");
  await field("Thursday, window 2, until").blur();
  await expect(field("Thursday, window 2, until")).toHaveValue("16:30");
  await button("Save").click();
  await expect(day("Monday").getByText("This window begins before another has ended.")).toBeVisible();
  await expect(field("Monday, window 2, from")).toBeFocused();
  await expect(field("Monday, window 2, from")).toHaveValue("11:00");
  await expect(windows("monday").last()).toHaveText("⚠ 11:00 – 16:30");
  const { items } = await clinic.ask("GET", `/doctors/${id}/working-hours/versions`);
  expect(items).toHaveLength(1);
});

test("whom a change would leave outside the hours is shown first, and they are kept or it is given up", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  const { items: slots } = await clinic.ask("GET", `/availability?doctorId=${id}&from=2030-01-15&to=2030-01-15`);
  await clinic.ask("POST", "/holds", { doctorId: id, start: slots[0].start });
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, button, dialog, told } = views(page);
  await windows("tuesday").first().focus();
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await expect(windows("tuesday")).toHaveCount(0);

  const week = await clinic.ask("GET", `/doctors/${id}/working-hours`);
  const { tuesday: _, ...weekly } = week.weekly;
  const path = `/doctors/${id}/working-hours?dryRun=true`;
  const { affectedBookings, affectedHolds } = await clinic.ask("PUT", path, { effectiveFrom: "2030-01-08", weekly });
  expect(affectedBookings.length).toBeGreaterThan(3);
  expect(affectedHolds).toHaveLength(1);

  await button("Save").click();
  await expect(dialog).toContainText(`${affectedBookings.length} visits would be left outside the hours.`);
  await expect(dialog).toContainText("One slot that is being held could no longer be booked.");
  await expect(dialog.getByRole("listitem")).toHaveCount(affectedBookings.length + 1);
  const patient = await clinic.ask("GET", `/patients/${affectedBookings[0].patientId}`);
  await expect(dialog.getByRole("listitem").first()).toContainText("Tuesday, 8 January 2030");
  await expect(dialog.getByRole("listitem").first()).toContainText(`${patient.firstName} ${patient.lastName}`);
  await expect(dialog.getByRole("button", { name: "Go back" })).toBeFocused();
  await look("hours-affected");

  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(button("Save")).toBeFocused();
  await expect(windows("tuesday")).toHaveCount(0);
  await expect(page.getByText("Not saved yet")).toBeVisible();
  expect((await clinic.ask("GET", `/doctors/${id}/working-hours/versions`)).items).toHaveLength(1);

  await button("Save").click();
  await dialog.getByRole("button", { name: "Save, and keep them" }).click();
  await expect(told).toHaveText(
    `Saved (8 Jan 2030). ${affectedBookings.length} visits stay, marked as outside the hours.`,
  );
  const kept = await clinic.ask("GET", `/bookings/${affectedBookings[0].id}`);
  expect(kept).toMatchObject({ status: affectedBookings[0].status, outsideHours: true });
  await page.getByRole("link", { name: "To the week" }).click();
  await expect(page.locator('.chip.outside[data-start^="2030-01-08"]').first()).toContainText("outside hours");
});

test("whoever is booked between the look and the save is shown, too", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { button, dialog, windows } = views(page);
  // From then on nobody is booked yet.
  await page.getByLabel("First day").fill("2030-06-01");
  await windows("friday").focus();
  await page.keyboard.press("Delete");
  const [{ id: patientId } = { id: "" }] = await clinic.patients();
  const book = async (/** @type {import("@playwright/test").Route} */ route) => {
    await clinic.ask("POST", "/bookings", { doctorId: id, patientId, start: "2030-06-07T08:00:00+02:00" });
    await route.continue();
  };
  await page.route(/working-hours$/, book, { times: 1 });
  await button("Save").click();
  await expect(dialog).toContainText("One visit would be left outside the hours.");
  await expect(dialog.getByRole("listitem")).toContainText("Friday, 7 June 2030, 08:00 – 08:30");
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(windows("friday")).toHaveCount(0);
});

test("what was drawn stays where the service cannot be reached", async ({ page, clinic, signIn, guard, context }) => {
  guard.expect(/ERR_INTERNET_DISCONNECTED/);
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { button, windows, alert, told } = views(page);
  await drag(page, ["sunday", "09:00"], ["sunday", "11:00"]);
  await context.setOffline(true);
  await button("Save").click();
  await expect(alert).toHaveText("The service cannot be reached. Please see to the connection and try again.");
  await expect(windows("sunday")).toHaveText(["09:00 – 11:00"]);
  await context.setOffline(false);
  await button("Save").click();
  await expect(told).toHaveText("Saved (8 Jan 2030). No visit is affected.");
});

test("who has no hours yet gets the first for all dates", async ({ page, clinic, signIn }) => {
  const { id } = await clinic.ask("POST", "/doctors", { firstName: "Nora", lastName: "Neu", specialty: "surgery" });
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { button, windows, told } = views(page);
  await expect(page.getByLabel("Since ever")).toBeChecked();
  await drag(page, ["monday", "09:00"], ["monday", "11:00"]);
  await expect(windows("monday")).toHaveText(["09:00 – 11:00"]);
  await button("Save").click();
  await expect(told).toHaveText("Saved (all dates). No visit is affected.");
  const { items } = await clinic.ask("GET", `/doctors/${id}/working-hours/versions`);
  expect(items).toMatchObject([{ effectiveFrom: null, weekly: { monday: [{ start: "09:00", end: "11:00" }] } }]);
});

test("a night lasts into the next day, and is drawn there", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Carvalho");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, track, heard } = views(page);
  await expect(windows("friday")).toHaveText(["22:00 – 06:00"]);
  await expect(windows("friday")).toHaveAccessibleName("Friday, 22:00 – 06:00, until the next day");
  await expect(track("saturday").locator(".tail")).toHaveText("→ 06:00");
  await windows("friday").focus();
  await page.keyboard.press("Shift+ArrowDown");
  await expect(heard).toHaveText("Friday, 22:00 – 06:15");
  await expect(track("saturday").locator(".tail")).toHaveText("→ 06:15");
  // Nothing is drawn over it.
  await drag(page, ["saturday", "09:00"], ["saturday", "05:00"]);
  await expect(windows("saturday").first()).toHaveText("06:15 – 09:00");
});

test("what somebody else saves shows at once, and takes nothing away that was drawn", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, button, told, alert } = views(page);
  await expect(windows("monday")).toHaveCount(2);
  const path = `/doctors/${id}/working-hours`;
  await clinic.ask("PATCH", path, { weekly: { saturday: [{ start: "09:00", end: "10:00" }] } });
  await expect(windows("saturday")).toHaveText(["09:00 – 10:00"]);
  await expect(told).toHaveText("Somebody has changed these hours: they are shown as they are now.");

  await drag(page, ["sunday", "09:00"], ["sunday", "11:00"]);
  await clinic.ask("PATCH", path, { weekly: { saturday: [{ start: "10:00", end: "12:00" }] } });
  await expect(alert).toContainText("Somebody else has changed these hours meanwhile.");
  await expect(alert).toContainText("Sat 10:00 – 12:00");
  await expect(windows("sunday")).toHaveText(["09:00 – 11:00"]);
  await expect(windows("saturday")).toHaveText(["09:00 – 10:00"]);
  await button("Take what is there now").click();
  await expect(windows("sunday")).toHaveCount(0);
  await expect(windows("saturday")).toHaveText(["10:00 – 12:00"]);
  await expect(alert).toHaveCount(0);
});

test("a doctor whose clock hangs elsewhere now is told as such", async ({ page, clinic, signIn }) => {
  const { id } = await clinic.ask("POST", "/doctors", { firstName: "Nora", lastName: "Neu", specialty: "surgery" });
  await clinic.ask("PUT", `/doctors/${id}/working-hours`, { weekly: {} });
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  await expect(page.getByText("Slots of 60 minutes, on the clock in UTC. Yours: Europe/Berlin.")).toBeVisible();
  await clinic.ask("PATCH", `/doctors/${id}`, { timeZone: "Europe/Berlin", slotMinutes: 20 });
  await expect(page.getByText("Slots of 20 minutes, on the clock in Europe/Berlin. To the week")).toBeVisible();
});

test("short windows beside each other are told apart, and can be reached", async ({ page, clinic, signIn, look }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  const quarters = ["09:00", "09:15", "09:30", "09:45", "10:00"];
  const saturday = quarters.slice(1).map((end, index) => ({ start: quarters[index], end }));
  await clinic.ask("PATCH", `/doctors/${id}/working-hours`, { weekly: { saturday } });
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, heard } = views(page);
  await expect(windows("saturday")).toHaveCount(4);
  await drag(page, ["saturday", "09:52"], ["saturday", "12:07"]);
  await expect(heard).toHaveText("Saturday, 12:00 – 12:15");
  await look();
});

test("hours that have changed unheard are not overwritten, and what was drawn can still be saved", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  await hearNothing(page);
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { windows, button, told, alert } = views(page);
  await drag(page, ["sunday", "09:00"], ["sunday", "11:00"]);
  const path = `/doctors/${id}/working-hours`;
  await clinic.ask("PATCH", path, { weekly: { saturday: [{ start: "10:00", end: "12:00" }] } });
  await button("Save").click();
  await expect(alert).toContainText("Somebody else has changed these hours meanwhile.");
  await expect(alert).toContainText("Sat 10:00 – 12:00");
  await expect(windows("sunday")).toHaveText(["09:00 – 11:00"]);
  expect((await clinic.ask("GET", `${path}/versions`)).items).toHaveLength(1);
  await look();

  await button("Go on with mine").click();
  await expect(alert).toHaveCount(0);
  await expect(button("Save")).toBeFocused();
  await button("Save").click();
  await expect(told).toHaveText("Saved (8 Jan 2030). No visit is affected.");
  const { weekly } = await clinic.ask("GET", `${path}?on=2030-01-08`);
  expect(weekly.sunday).toEqual([{ start: "09:00", end: "11:00" }]);
});

test("that something else about the doctor has changed does not stand in the way", async ({ page, clinic, signIn }) => {
  await hearNothing(page);
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { button, told } = views(page);
  await drag(page, ["sunday", "09:00"], ["sunday", "11:00"]);
  await clinic.ask("PUT", `/doctors/${id}/overrides/2030-05-05`, { windows: [] });
  await button("Save").click();
  await expect(told).toHaveText("Saved (8 Jan 2030). No visit is affected.");
});

test("leaving asks before anything is lost", async ({ page, clinic, signIn, look }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/hours?doctor=${id}`);
  const { title, windows, dialog } = views(page);
  await expect(windows("monday")).toHaveCount(2);
  const address = page.url();
  await drag(page, ["sunday", "09:00"], ["sunday", "11:00"]);

  await page.getByRole("link", { name: "Day", exact: true }).click();
  await expect(dialog).toContainText("What you have changed here is not saved yet.");
  await look();
  await dialog.getByRole("button", { name: "Stay here" }).click();
  await expect(windows("sunday")).toHaveText(["09:00 – 11:00"]);
  expect(page.url()).toBe(address);

  // To another doctor, too.
  await page.getByLabel("Doctor", { exact: true }).selectOption({ label: "Jonas Keller · cardiology" });
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Doctor", { exact: true })).toHaveValue(id);
  await expect(title).toHaveText("Working hours of Amelie Brandt");

  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();

  await page.getByRole("link", { name: "Day", exact: true }).click();
  await dialog.getByRole("button", { name: "Leave without saving" }).click();
  await expect(title).toHaveText("Monday, 7 January 2030");
});

test("doctors have their own hours before them, and no others", async ({ page, clinic, signIn }) => {
  const own = await doctorCalled(clinic, "Keller");
  const other = await doctorCalled(clinic, "Brandt");
  await signIn("doctor", `/#/hours?doctor=${other.id}`, { doctorId: own.id });
  const { title, windows, button, told } = views(page);
  await expect(title).toHaveText("Working hours of Jonas Keller");
  await expect(page.getByLabel("Doctor", { exact: true })).toHaveCount(0);
  await drag(page, ["saturday", "09:00"], ["saturday", "12:00"]);
  await expect(windows("saturday")).toHaveText(["09:00 – 12:00"]);
  await button("Save").click();
  await expect(told).toHaveText("Saved (8 Jan 2030). No visit is affected.");
  // On the board, only the own hours are linked.
  await page.goto("/#/day?date=2030-01-07");
  await expect(page.getByRole("link", { name: "Working hours" })).toHaveCount(1);
});

test("patients are not offered anybody’s hours, and the address leads home", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("patient", `/#/week?doctor=${id}`);
  const { title } = views(page);
  await expect(title).toContainText("Amelie Brandt");
  await expect(page.getByRole("link", { name: /Hours|Working hours/ })).toHaveCount(0);
  await page.goto(`/#/hours?doctor=${id}`);
  await expect(title).toHaveText("My visits");
});

test("the board leads to the hours of a doctor", async ({ page, clinic, signIn }) => {
  const { id } = await doctorCalled(clinic, "Brandt");
  await signIn("front-desk", `/#/week?doctor=${id}`);
  const { title } = views(page);
  await page.getByRole("link", { name: "Working hours, time off" }).click();
  await expect(title).toHaveText("Working hours of Amelie Brandt");
  await expect(title).toBeFocused();
  await page.getByRole("link", { name: "Day", exact: true }).click();
  await page.getByRole("link", { name: "Working hours" }).nth(1).click();
  await expect(title).toHaveText(/^Working hours of /);
});

test.describe("with a finger, on a telephone", () => {
  test.use({ hasTouch: true, viewport: { width: 360, height: 1600 } });

  test("windows are drawn and made longer", async ({ page, context, clinic, signIn }) => {
    const { id } = await doctorCalled(clinic, "Brandt");
    await signIn("front-desk", `/#/hours?doctor=${id}`);
    const { windows } = views(page);
    await expect(windows("monday")).toHaveCount(2);
    const tapped = await place(page, "sunday", "14:05");
    await page.touchscreen.tap(tapped.x, tapped.y);
    await expect(windows("sunday")).toHaveText(["14:00 – 15:00"]);

    const devtools = await context.newCDPSession(page);
    /**
     * @param {[string, string]} from
     * @param {[string, string]} to
     */
    const swipe = async (from, to) => {
      const [start, end] = [await place(page, ...from), await place(page, ...to)];
      const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
      await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [start] });
      for (const point of [middle, end]) {
        await devtools.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [point] });
      }
      await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    await swipe(["saturday", "09:00"], ["saturday", "11:55"]);
    await expect(windows("saturday")).toHaveText(["09:00 – 12:00"]);
    await swipe(["saturday", "11:50"], ["saturday", "13:00"]);
    await expect(windows("saturday")).toHaveText(["09:00 – 13:00"]);
  });
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("hours are drawn, refused and saved in German", async ({ page, clinic, signIn, look }) => {
    const { id } = await doctorCalled(clinic, "Brandt");
    await signIn("front-desk", `/#/hours?doctor=${id}`);
    const { title, windows, button, told, dialog } = views(page);
    await expect(title).toHaveText("Sprechzeiten: Amelie Brandt");
    await expect(windows("monday").first()).toHaveAccessibleName("Montag, 08:00 – 12:00");
    await drag(page, ["saturday", "09:00"], ["saturday", "11:00"]);
    await expect(windows("saturday")).toHaveText(["09:00 – 11:00"]);
    await page.getByRole("textbox", { name: "Samstag, Fenster 1, bis" }).fill("9:00");
    await button("Speichern").click();
    await expect(page.getByText("Dieses Fenster ist leer: Es endet, wenn es beginnt.")).toBeVisible();
    await page.getByRole("textbox", { name: "Samstag, Fenster 1, bis" }).fill("12:00");
    await windows("tuesday").first().focus();
    await page.keyboard.press("Delete");
    await button("Speichern").click();
    await expect(dialog).toContainText(/\d+ Termine lägen außerhalb der Zeiten\./);
    await dialog.getByRole("button", { name: "Speichern, und sie behalten" }).click();
    await expect(told).toHaveText(/^Gespeichert \(08\.01\.2030\)\. \d+ Termine bleiben, als außerhalb der Zeiten markiert\.$/);
    await look();
  });
});
