// @ts-check
//
// The board as the desk sees it: days, weeks, months and lists, narrowed, walked through, and told apart.

import { board } from "../src/board.js";
import { book, daily, register, typeOf } from "../src/doctors.js";
import { expect, test } from "../src/test.js";

const TODAY = "2030-01-07";

test("a day shows every doctor, and all of their time", async ({ page, clinic, signIn, look }) => {
  const doctors = await clinic.doctors();
  // So that there is something of everything: kept, away, and not free for other reasons.
  const named = (/** @type {string} */ name) => doctors.find(({ lastName }) => lastName === name);
  await clinic.ask("POST", "/holds", { doctorId: named("Brandt")?.id, start: "2030-01-07T11:00:00+01:00", ttlSeconds: 900 });
  // The ones for the desk to cancel before the doctor goes.
  const { items: visits } = await clinic.ask("GET", `/bookings?doctorId=${named("Lindqvist")?.id}&from=${TODAY}&to=${TODAY}`);
  for (const { id, start, status } of visits) {
    if (status === "booked" && start.includes("T11:")) await clinic.ask("POST", `/bookings/${id}/cancel`, { reason: "school visit" });
  }
  await clinic.ask("POST", `/doctors/${named("Lindqvist")?.id}/time-off`, {
    start: "2030-01-07T11:00:00+01:00",
    end: "2030-01-07T12:00:00+01:00",
    reason: "school visit",
  });
  await signIn("front-desk", "/#/day");
  const { title, grid, column, slot } = board(page);
  await expect(title).toHaveText("Monday, 7 January 2030");
  await expect(grid).toHaveAccessibleName("All doctors, Monday, 7 January 2030");
  await expect(page.getByRole("columnheader")).toHaveCount(doctors.length);
  const { items } = await clinic.ask("GET", `/board?date=${TODAY}`);
  for (const { firstName, lastName, specialty, day } of items) {
    const head = column(`${firstName} ${lastName}`);
    await expect(head).toContainText(specialty);
    if (day.freeCount > 0) await expect(head).toContainText(`${day.freeCount} free`);
    await expect(slot(new RegExp(`free until .*, ${firstName} ${lastName}$`))).toHaveCount(day.freeCount);
  }
  await expect(slot("11:00 held until 11:30, Amelie Brandt")).toBeVisible();
  await expect(slot("11:00 time off until 11:30, Sofia Lindqvist")).toBeVisible();
  await expect(column("Ines Carvalho")).toContainText("does not work");
  // Today begins with the hour that it is.
  const now = page.getByRole("row", { name: /^10:00 now/ });
  await expect(now).toBeInViewport();
  await expect(page.getByRole("row", { name: /^08:00/ })).not.toBeInViewport({ ratio: 0.5 });
  await look("day");
});

test("every state is told by a sign and a word of its own", async ({ page, clinic, signIn }) => {
  const doctor = await register(clinic);
  const at = (/** @type {number} */ hour) => `2030-01-07T${hour}:00:00+01:00`;
  const patients = await clinic.patients();
  await book(clinic, doctor, at(11));
  const arrived = await book(clinic, doctor, at(12), { patientId: patients[1]?.id });
  await clinic.ask("POST", `/bookings/${arrived.id}/arrive`);
  const seen = await book(clinic, doctor, at(13), { patientId: patients[2]?.id });
  await clinic.ask("POST", `/bookings/${seen.id}/arrive`);
  await clinic.ask("POST", `/bookings/${seen.id}/fulfil`);
  await clinic.ask("POST", "/holds", { doctorId: doctor.id, start: at(14), ttlSeconds: 900 });
  await clinic.ask("POST", `/doctors/${doctor.id}/time-off`, { start: at(15), end: at(16), reason: "meeting" });
  await book(clinic, doctor, at(19), {
    patientId: patients[3]?.id,
    override: { rules: ["outside-working-hours"], reason: "comes from far away" },
  });
  await signIn("front-desk", "/#/day?specialty=radiology");
  const { slot, type } = board(page);
  const states = new Map([
    ["09:00", "past"],
    ["11:00", "booked"],
    ["12:00", "arrived"],
    ["13:00", "seen"],
    ["14:00", "held"],
    ["15:00", "time off"],
    ["16:00", "free"],
    ["19:00", "outside hours"],
  ]);
  const signs = new Set();
  for (const [time, state] of states) {
    const shown = slot(new RegExp(`^${time} ${state} until .*, Ada Rosenthal$`));
    await expect(shown).toBeVisible();
    signs.add(await shown.locator(".sign").textContent());
  }

  await type.selectOption("First visit");
  const soon = slot(/^16:00 too soon /);
  await expect(soon).toBeVisible();
  signs.add(await soon.locator(".sign").textContent());
  await page.goto(`/#/day?specialty=radiology&date=2031-01-07&type=${await typeOf(clinic, "First visit")}`);
  const far = slot(/^14:00 too far /);
  await expect(far).toBeVisible();
  signs.add(await far.locator(".sign").textContent());
  expect(signs.size).toBe(states.size + 2);

  // The key to the signs has all of them.
  const key = page.getByRole("list", { name: "What the signs mean" });
  await expect(key.getByRole("listitem")).toHaveCount(signs.size);
  for (const sign of signs) await expect(key).toContainText(String(sign));
});

test("what is closed is told, and not only shown", async ({ page, clinic, signIn }) => {
  await register(clinic, { workingHours: daily(["08:00", "10:00"], ["12:00", "14:00"]) });
  await signIn("front-desk", "/#/day?specialty=radiology&date=2030-01-08");
  await expect(page.getByRole("row", { name: /^10:00/ }).getByRole("gridcell")).toHaveText("closed");
  await expect(page.getByRole("row", { name: /^12:00/ }).getByRole("gridcell")).toContainText("12:00 free");
});

test("a week shows one doctor, day by day", async ({ page, clinic, signIn, look }) => {
  const doctor = (await clinic.doctors()).find(({ lastName }) => lastName === "Brandt");
  await clinic.ask("POST", `/doctors/${doctor?.id}/time-off?affected=keep`, {
    start: "2030-01-11T00:00:00+01:00",
    end: "2030-01-12T00:00:00+01:00",
    reason: "conference",
  });
  await clinic.ask("POST", "/holds", { doctorId: doctor?.id, start: "2030-01-07T15:30:00+01:00", ttlSeconds: 900 });
  await signIn("front-desk", `/#/week?doctor=${doctor?.id}`);
  const { title, column, slot } = board(page);
  await expect(title).toHaveText("Amelie Brandt, 7 Jan 2030 – 13 Jan 2030");
  await expect(page.getByRole("columnheader")).toHaveCount(7);
  const { days } = await clinic.ask("GET", `/doctors/${doctor?.id}/availability?from=2030-01-07&to=2030-01-13`);
  const free = days.reduce((/** @type {number} */ sum, /** @type {{ freeCount: number }} */ day) => sum + day.freeCount, 0);
  await expect(slot(/ free until /)).toHaveCount(free);
  await expect(column(/^Mon 7 Jan/)).toContainText("Today");
  await expect(column(/^Fri 11 Jan/)).toContainText("time off");
  await expect(column(/^Sun 13 Jan/)).toContainText("does not work");
  await look("week");

  // From a date to the day of all doctors, and from a doctor there to the week.
  await column(/^Wed 9 Jan/).getByRole("link", { name: "Wed 9 Jan" }).click();
  await expect(title).toHaveText("Wednesday, 9 January 2030");
  await expect(title).toBeFocused();
  await column("Jonas Keller").getByRole("link", { name: "Jonas Keller" }).click();
  await expect(title).toHaveText("Jonas Keller, 7 Jan 2030 – 13 Jan 2030");
  await expect(title).toBeFocused();
});

test("a doctor begins with the own week", async ({ page, clinic, signIn }) => {
  const doctorId = (await clinic.doctors()).find(({ lastName }) => lastName === "Keller")?.id ?? null;
  await signIn("doctor", "/", { doctorId });
  const { title, slot } = board(page);
  await expect(title).toHaveText("Jonas Keller, 7 Jan 2030 – 13 Jan 2030");
  // Who books is the desk: what is free is told, and is no button.
  await expect(slot(/booked/).first()).toBeVisible();
  await expect(slot(/free/)).toHaveCount(0);
  await expect(page.getByRole("gridcell", { name: /free/ }).first()).toBeVisible();
});

test("a month is a heat map of what is free", async ({ page, clinic, signIn, look }) => {
  const doctor = (await clinic.doctors()).find(({ lastName }) => lastName === "Keller");
  await clinic.ask("POST", "/closures?affected=keep", { date: "2030-01-15", name: "Works" });
  await signIn("front-desk", `/#/month?doctor=${doctor?.id}`);
  const { title, grid } = board(page);
  await expect(title).toHaveText("Jonas Keller, January 2030");
  const { days } = await clinic.ask("GET", `/doctors/${doctor?.id}/availability/summary?from=2030-01-01&to=2030-01-31`);
  const cells = grid.getByRole("gridcell");
  await expect(cells).toHaveCount(35);
  /** @type {Map<number, number>} */
  const strengths = new Map();
  for (const { date, free } of days) {
    const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" }).format(Date.parse(date));
    const cell = cells.filter({ hasText: day });
    if (free > 0) await expect(cell).toContainText(`${free} free`);
    const [, strength] = /heat-(\d)/.exec((await cell.getAttribute("class")) ?? "") ?? [];
    strengths.set(free, Number(strength));
  }
  // The more is free, the stronger; and nothing is nothing.
  const byFree = [...strengths].sort(([one], [other]) => one - other).map(([, strength]) => strength);
  expect(byFree).toEqual([...byFree].sort());
  expect(strengths.get(0)).toBe(0);
  expect(byFree.at(-1)).toBe(4);
  await expect(cells.filter({ hasText: "Tuesday, 15 January" })).toContainText("hospital closed");
  await look("month");

  await cells.filter({ hasText: "Wednesday, 30 January" }).getByRole("link").click();
  await expect(title).toHaveText("Jonas Keller, 28 Jan 2030 – 3 Feb 2030");
});

test("a list shows what is free first, and more of it", async ({ page, clinic, signIn, look }) => {
  await signIn("front-desk", "/#/list");
  const { title } = board(page);
  await expect(title).toHaveText("Free from 7 Jan 2030 to 20 Jan 2030");
  const slots = page.getByRole("main").getByRole("listitem").getByRole("button");
  await expect(slots).toHaveCount(50);
  const { items } = await clinic.ask("GET", "/availability?from=2030-01-07&to=2030-01-20&limit=200");
  await expect(slots.first()).toHaveAccessibleName(new RegExp(`^${items[0].start.slice(11, 16)} free until `));
  await look("list");
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(slots).toHaveCount(200);
  await expect(slots.nth(50)).toBeFocused();
  await expect(page.getByText("There is more: choose a later date, or narrow it down.")).toBeVisible();
});

for (const [view, about] of [
  ["day", "a day"],
  ["list", "a list"],
]) {
  test(`${about} is narrowed by specialty, name and type of visit`, async ({ page, clinic, signIn }) => {
    await signIn("front-desk", `/#/${view}?date=2030-01-09`);
    const { specialty, name, type, status } = board(page);
    const shown = async () => {
      await expect(page.locator(".board")).not.toHaveAttribute("aria-busy");
      const texts = await page.locator(view === "day" ? "thead th a[data-key^=week]" : ".who").allTextContents();
      return [...new Set(texts.map((text) => text.replace(/ (the whole week|· .*)$/, "")))].sort();
    };
    await expect.poll(shown).toContain("Tomasz Nowak");
    await specialty.selectOption("cardiology");
    await expect.poll(shown).toEqual(["Amelie Brandt", "Jon Snow", "Jonas Keller"]);
    await name.fill("jon");
    await expect.poll(shown).toEqual(["Jon Snow", "Jonas Keller"]);
    await expect(name).toBeFocused();
    await name.fill("keller jon");
    await expect.poll(shown).toEqual(["Jonas Keller"]);
    // Who does not see it hears what was found.
    await expect(status).toHaveText(view === "day" ? "1 doctor" : /^\d+ free$/);
    await name.fill("nobody of that name");
    await expect(page.locator(".board").getByText("There is no such doctor.")).toBeVisible();
    await expect(status).toHaveText("There is no such doctor.");
    await name.fill("");
    await specialty.selectOption("All");
    await type.selectOption("Minor procedure");
    // Doctors who do not offer it are not there; nor does every other one have a gap that is long enough.
    await expect.poll(shown).not.toContain("Sofia Lindqvist");
    await expect.poll(shown).toContain("Tomasz Nowak");
    await expect(page).toHaveURL(new RegExp(`type=${await typeOf(clinic, "Minor procedure")}`));
  });
}

test("whoever types a name and goes on at once is not led back", async ({ page, signIn }) => {
  await signIn("front-desk", "/#/day");
  const { title, name } = board(page);
  await expect(page.getByRole("grid")).toBeVisible();
  await name.fill("kel");
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Week" }).click();
  await expect(title).toHaveText(/7 Jan 2030 – 13 Jan 2030$/);
  // That takes longer than what was typed rests before it is searched for.
  for (const week of [/20 Jan 2030$/, /27 Jan 2030$/, /3 Feb 2030$/]) {
    await page.getByRole("button", { name: "Later" }).click();
    await expect(title).toHaveText(week);
  }
  await expect(page).toHaveURL(/#\/week/);
});

test("what is chosen stays chosen in another view", async ({ page, signIn }) => {
  await signIn("front-desk", "/#/day?date=2030-01-09&specialty=cardiology");
  const { title, specialty } = board(page);
  await expect(specialty).toHaveValue("cardiology");
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Free times" }).click();
  await expect(title).toHaveText("Free from 9 Jan 2030 to 22 Jan 2030");
  await expect(specialty).toHaveValue("cardiology");
  await expect(page.locator(".who").first()).toContainText("cardiology");
});

test("one goes to a date, on and back by days, weeks and months, and back to today", async ({ page, signIn }) => {
  await signIn("front-desk", "/#/day");
  const { title, date } = board(page);
  await date.fill("2030-02-28");
  await expect(title).toHaveText("Thursday, 28 February 2030");
  await page.getByRole("button", { name: "Later" }).click();
  await expect(title).toHaveText("Friday, 1 March 2030");
  await page.getByRole("button", { name: "Earlier" }).click();
  await expect(title).toHaveText("Thursday, 28 February 2030");
  const views = page.getByRole("navigation", { name: "Views" });
  await views.getByRole("link", { name: "Week" }).click();
  await expect(title).toHaveText(/, 25 Feb 2030 – 3 Mar 2030$/);
  await page.getByRole("button", { name: "Later" }).click();
  await expect(title).toHaveText(/, 4 Mar 2030 – 10 Mar 2030$/);
  await views.getByRole("link", { name: "Month" }).click();
  await expect(title).toHaveText(/, March 2030$/);
  await page.getByRole("button", { name: "Earlier" }).click();
  await expect(title).toHaveText(/, February 2030$/);
  await page.getByRole("button", { name: "Today" }).click();
  await expect(title).toHaveText(/, January 2030$/);
});

test("the keyboard walks through the board, which is one stop of the Tab key", async ({ page, clinic, signIn }) => {
  await register(clinic, { lastName: "Adler" });
  await register(clinic, { lastName: "Busch", workingHours: daily(["09:00", "12:00"]) });
  await signIn("front-desk", "/#/day?specialty=radiology&date=2030-01-08");
  const { slot, column, type } = board(page);
  await expect(slot("08:00 free until 09:00, Ada Adler")).toBeVisible();
  await type.focus();
  await page.keyboard.press("Tab");
  await expect(slot("08:00 free until 09:00, Ada Adler")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(slot("09:00 free until 10:00, Ada Adler")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(slot("09:00 free until 10:00, Ada Busch")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(column("Busch").getByRole("link", { name: "Hours" })).toBeFocused();
  await page.keyboard.press("PageDown");
  await expect(slot("11:00 free until 12:00, Ada Busch")).toBeFocused();
  await page.keyboard.press("Home");
  await expect(slot("11:00 free until 12:00, Ada Adler")).toBeFocused();
  await page.keyboard.press("End");
  await expect(slot("11:00 free until 12:00, Ada Busch")).toBeFocused();
  await page.keyboard.press("PageUp");
  await expect(column("Busch").getByRole("link", { name: /^Ada Busch/ })).toBeFocused();
  await page.keyboard.press("Control+Home");
  await expect(column("Adler").getByRole("link", { name: /^Ada Adler/ })).toBeFocused();
  await page.keyboard.press("Control+End");
  await expect(slot("17:00 free until 18:00, Ada Adler")).toBeFocused();
  // What has the focus is not under the heads.
  for (let left = 9; left > 0; left -= 1) await page.keyboard.press("ArrowUp");
  await expect(slot("08:00 free until 09:00, Ada Adler")).toBeFocused();
  const [heads, first] = await Promise.all([
    page.locator("thead th").first().boundingBox(),
    slot("08:00 free until 09:00, Ada Adler").boundingBox(),
  ]);
  expect(first?.y).toBeGreaterThanOrEqual((heads?.y ?? 0) + (heads?.height ?? 0));
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Book at another time …" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(slot("08:00 free until 09:00, Ada Adler")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("the keyboard walks through a month", async ({ page, signIn }) => {
  await signIn("front-desk", "/#/month");
  const day = (/** @type {string} */ name) => page.getByRole("gridcell", { name }).getByRole("link");
  await expect(day("Monday, 14 January 2030")).toBeVisible();
  await day("Monday, 14 January 2030").focus();
  await page.keyboard.press("ArrowRight");
  await expect(day("Tuesday, 15 January 2030")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(day("Tuesday, 22 January 2030")).toBeFocused();
  await page.keyboard.press("End");
  await expect(day("Sunday, 27 January 2030")).toBeFocused();
  await page.keyboard.press("Home");
  await expect(day("Monday, 21 January 2030")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Browse the API" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(board(page).title).toHaveText(/21 Jan 2030 – 27 Jan 2030$/);
  await expect(board(page).title).toBeFocused();
});

test("the address can be linked, and the way back leads back", async ({ page, signIn }) => {
  await signIn("front-desk", "/#/day?date=2030-01-09&specialty=cardiology&q=kel");
  const { title, specialty, name, date } = board(page);
  await expect(title).toHaveText("Wednesday, 9 January 2030");
  await expect(specialty).toHaveValue("cardiology");
  await expect(name).toHaveValue("kel");
  await expect(date).toHaveValue("2030-01-09");
  await expect(page.getByRole("columnheader")).toHaveCount(1);
  await page.getByRole("button", { name: "Later" }).click();
  await expect(title).toHaveText("Thursday, 10 January 2030");
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Month" }).click();
  await expect(title).toHaveText(/January 2030$/);
  await expect(page).toHaveTitle("Month · Doctor booking");
  await page.goBack();
  await expect(title).toHaveText("Thursday, 10 January 2030");
  await page.goBack();
  await expect(title).toHaveText("Wednesday, 9 January 2030");
  await expect(specialty).toHaveValue("cardiology");
  await page.goForward();
  await expect(title).toHaveText("Thursday, 10 January 2030");
});

test("an address that says nonsense shows where one begins", async ({ page, signIn }) => {
  await signIn("front-desk", "/#/nothing?date=yesterday");
  await expect(board(page).title).toHaveText("Monday, 7 January 2030");
  await page.goto("/#/day?date=2030-02-31");
  await expect(board(page).title).toHaveText("Monday, 7 January 2030");
});

test("what cannot be read is told, and can be read again", async ({ page, signIn, context, guard }) => {
  guard.expect(/ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/);
  await signIn("front-desk", "/#/day");
  const { title } = board(page);
  await expect(page.getByRole("grid")).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("button", { name: "Later" }).click();
  const error = page.getByRole("alert").filter({ hasText: "cannot be reached" });
  await expect(error).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Later" }).click();
  await expect(title).toHaveText("Wednesday, 9 January 2030");
  await expect(page.getByRole("grid")).toBeVisible();
  await expect(error).toBeHidden();
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("the board speaks German, with dates and times as there", async ({ page, clinic, signIn, look }) => {
    await signIn("front-desk", "/#/day");
    const title = page.locator("#view").getByRole("heading", { level: 2 });
    await expect(title).toHaveText("Montag, 7. Januar 2030");
    await expect(page.getByRole("columnheader", { name: "Ines Carvalho" })).toContainText("arbeitet nicht");
    await expect(page.getByRole("button", { name: /^11:00 frei bis 11:30, Amelie Brandt$/ })).toBeVisible();
    await expect(page.getByRole("list", { name: "Was die Zeichen bedeuten" })).toContainText("vorgemerkt");
    await look();
    await page.getByRole("link", { name: "Monat" }).click();
    await expect(title).toHaveText(/Januar 2030$/);
    const id = (await clinic.doctors()).find(({ lastName }) => lastName === "McKenzie")?.id;
    await page.goto(`/#/week?doctor=${id}&date=2030-04-07`);
    await expect(page.getByRole("columnheader", { name: "So., 7. Apr." })).toContainText("24,5 Stunden");
  });
});

test.describe("in America", () => {
  test.use({ locale: "en-US" });

  test("weeks begin on Sunday, and hours have twelve", async ({ page, signIn }) => {
    await signIn("front-desk", "/#/month");
    await expect(page.getByRole("columnheader").first()).toHaveText("Sun");
    await page.goto("/#/day");
    await expect(page.getByRole("button", { name: /^11:00\sAM free until 11:30\sAM, Amelie Brandt$/ })).toBeVisible();
  });
});
