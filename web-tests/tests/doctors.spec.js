// @ts-check
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("../src/clinic.js").Clinic} Clinic */

/** @param {Page} page */
const parts = (page) => ({
  title: page.getByRole("heading", { level: 2, name: "Doctors" }),
  lines: page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { level: 3 }) }),
  line: (/** @type {string} */ name) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name, exact: true }) }),
  status: page.getByRole("status").filter({ visible: true, hasText: /./ }),
  dialog: page.getByRole("dialog").last(),
  alert: page.getByRole("dialog").last().getByRole("alert").filter({ hasText: /./ }),
});

/**
 * A doctor of the demo clinic with visits to come.
 *
 * @param {Clinic} clinic
 */
async function busyDoctor(clinic) {
  for (const doctor of await clinic.doctors()) {
    const { items } = await clinic.ask(
      "GET",
      `/bookings?doctorId=${doctor.id}&status=booked&from=2030-01-08&limit=200`,
    );
    if (items.length > 3) return { doctor, bookings: items, name: `${doctor.firstName} ${doctor.lastName}` };
  }
  throw new Error("nobody in the demo clinic has anything to do");
}

test("the desk finds doctors by name, by specialty, and by whether they take bookings", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const [first, second] = await clinic.doctors();
  await clinic.ask("PATCH", `/doctors/${second.id}?affected=keep`, { active: false });
  await signIn("front-desk", "/#/doctors");
  const { title, lines, line } = parts(page);
  await expect(title).toBeVisible();
  await expect(lines).toHaveCount((await clinic.doctors()).length);
  await expect(line(`${second.firstName} ${second.lastName}`)).toContainText("takes no bookings");
  await look("doctors");

  const filters = page.getByRole("search");
  await filters.getByLabel("Doctor’s name").fill(first.lastName.slice(0, 4).toLowerCase());
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText(first.lastName);
  await expect(filters.getByLabel("Doctor’s name")).toBeFocused();

  await filters.getByLabel("Doctor’s name").fill("");
  await filters.getByLabel("Takes bookings").selectOption("no");
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText(second.lastName);

  await filters.getByLabel("Takes bookings").selectOption("All");
  await filters.getByLabel("Specialty").selectOption(first.specialty);
  const same = (await clinic.doctors()).filter(({ specialty }) => specialty === first.specialty);
  await expect(lines).toHaveCount(same.length);
  // What is chosen is in the address: a link leads to the same.
  await page.reload();
  await expect(lines).toHaveCount(same.length);
  await expect(filters.getByLabel("Specialty")).toHaveValue(first.specialty);
});

test("more doctors than are on a page come on demand", async ({ page, clinic, signIn }) => {
  const there = (await clinic.doctors()).length;
  for (let count = there; count < 53; count += 1) {
    const name = `Zy${String.fromCharCode(97 + Math.floor(count / 26))}${String.fromCharCode(97 + (count % 26))}`;
    await clinic.ask("POST", "/doctors", { firstName: "Test", lastName: name, specialty: "test" });
  }
  await signIn("front-desk", "/#/doctors");
  const { lines } = parts(page);
  await expect(lines).toHaveCount(50);
  await expect(page.getByText("50 shown")).toBeVisible();
  await page.getByRole("button", { name: "Show more" }).press("Enter");
  await expect(lines).toHaveCount(53);
  await expect(page.getByText("53 in all")).toBeVisible();
  await expect(page.getByRole("button", { name: "Show more" })).toBeHidden();
  // Whoever reads on does so at the first that is new.
  await expect(lines.nth(50)).toBeFocused();
});

test("a doctor is registered by the keyboard alone, with some types of visits", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  await signIn("administrator", "/#/day");
  const { status, line, dialog } = parts(page);
  const { items: types } = await clinic.ask("GET", "/visit-types?retired=false");

  await page.getByRole("link", { name: "Administration" }).press("Enter");
  await expect(parts(page).title).toBeFocused();
  await page.getByRole("button", { name: "Register a doctor" }).press("Enter");
  await expect(dialog.getByLabel("First name")).toBeFocused();
  await expect(dialog.getByLabel("Time zone")).toHaveValue("Europe/Berlin");
  await page.keyboard.type("Ines");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Figueiredo");
  await page.keyboard.press("Tab");
  await page.keyboard.type("neurology");
  await dialog.getByLabel("Time zone").fill("Europe/Lisbon");
  await dialog.getByLabel("Minutes of a slot").fill("45");
  await dialog.getByLabel("Only these:").press("Space");
  await dialog.getByLabel(types[0].name).press("Space");
  await look("doctor-form");
  await page.keyboard.press("Enter");

  await expect(status).toHaveText("Ines Figueiredo is registered. Working hours are yet to be entered.");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Register a doctor" })).toBeFocused();
  await expect(line("Ines Figueiredo")).toContainText("neurology");
  await expect(line("Ines Figueiredo")).toContainText("Europe/Lisbon");
  await expect(line("Ines Figueiredo")).toContainText("45 minutes");
  await expect(line("Ines Figueiredo")).toContainText(types[0].name);
  const made = (await clinic.doctors()).find(({ lastName }) => lastName === "Figueiredo");
  expect(made).toMatchObject({ timeZone: "Europe/Lisbon", slotMinutes: 45, visitTypes: [types[0].id], active: true });
});

test("all that is wrong is told at its field, and what was typed stays", async ({ page, clinic, signIn, look }) => {
  const before = (await clinic.doctors()).length;
  await signIn("administrator", "/#/doctors");
  const { dialog, alert, status } = parts(page);
  await page.getByRole("button", { name: "Register a doctor" }).click();
  await dialog.getByLabel("Specialty").fill("  ");
  await dialog.getByLabel("Time zone").fill("Mars/Olympus");
  await dialog.getByLabel("Minutes of a slot").fill("3");
  await dialog.getByRole("button", { name: "Register" }).click();
  await expect(alert).toHaveText(
    "Please look at the fields that are marked: First name, Last name, Specialty, Time zone, Minutes of a slot.",
  );
  await expect(dialog.getByLabel("First name")).toBeFocused();
  await expect(dialog.getByLabel("First name")).toHaveAccessibleDescription(/This is no name/);
  await expect(dialog.getByLabel("Time zone")).toHaveAccessibleDescription(/not known/);
  await expect(dialog.getByLabel("Minutes of a slot")).toHaveAccessibleDescription(/from 5 to 480/);
  await expect(dialog.getByLabel("Time zone")).toHaveValue("Mars/Olympus");
  await look();
  // Nothing is no number either, and is told along with the rest.
  await dialog.getByLabel("Minutes of a slot").fill("");
  await dialog.getByLabel("First name").fill("Ines");
  await dialog.getByRole("button", { name: "Register" }).click();
  await expect(dialog.getByLabel("Last name")).toBeFocused();
  await expect(dialog.getByLabel("First name")).toHaveAttribute("aria-invalid", "false");
  await expect(dialog.getByLabel("Minutes of a slot")).toHaveAttribute("aria-invalid", "true");
  expect((await clinic.doctors()).length).toBe(before);

  await dialog.getByLabel("Last name").fill("Figueiredo");
  await dialog.getByLabel("Specialty").fill("neurology");
  await dialog.getByLabel("Time zone").fill("UTC");
  await dialog.getByLabel("Minutes of a slot").fill("30");
  await dialog.getByRole("button", { name: "Register" }).click();
  await expect(status).toContainText("Ines Figueiredo is registered.");
});

test("a doctor is changed, and only what was changed is", async ({ page, clinic, signIn }) => {
  const [doctor] = await clinic.doctors();
  const name = `${doctor.firstName} ${doctor.lastName}`;
  await signIn("front-desk", "/#/doctors");
  const { line, dialog, status } = parts(page);
  await line(name).getByRole("button", { name: "Change" }).click();
  await expect(dialog.getByRole("heading")).toHaveText(`Change ${name}`);
  await dialog.getByLabel("Last name").fill("Brandt-Weiß");
  const sent = page.waitForRequest((request) => request.method() === "PATCH");
  await dialog.getByRole("button", { name: "Save" }).click();
  expect((await sent).postDataJSON()).toEqual({ lastName: "Brandt-Weiß" });
  await expect(status).toHaveText(`${doctor.firstName} Brandt-Weiß is changed.`);
  await expect(line(`${doctor.firstName} Brandt-Weiß`)).toBeVisible();
  await expect(line(`${doctor.firstName} Brandt-Weiß`).getByRole("button", { name: "Change" })).toBeFocused();
  // The board knows it, too.
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Day" }).click();
  await expect(page.getByRole("columnheader", { name: /Brandt-Weiß/ })).toBeVisible();
});

test("where somebody else was quicker, what is there now is told, and what was typed is kept", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const [doctor] = await clinic.doctors();
  const name = `${doctor.firstName} ${doctor.lastName}`;
  await signIn("administrator", "/#/doctors");
  const { line, dialog, alert, status } = parts(page);
  await line(name).getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("Last name").fill("Typed");
  await clinic.ask("PATCH", `/doctors/${doctor.id}`, { lastName: "Quicker", specialty: "oncology" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(alert).toContainText("Somebody else has changed it in the meantime.");
  await expect(alert).toContainText("Last name: Quicker");
  await expect(alert).toContainText("Specialty: oncology");
  await expect(dialog.getByLabel("Last name")).toHaveValue("Typed");
  await expect(dialog.getByLabel("Last name")).toBeFocused();
  // What nobody has touched here is what it is now.
  await expect(dialog.getByLabel("Specialty")).toHaveValue("oncology");
  await look();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(status).toHaveText(`${doctor.firstName} Typed is changed.`);
  expect(await clinic.ask("GET", `/doctors/${doctor.id}`)).toMatchObject({ lastName: "Typed", specialty: "oncology" });
});

test("whom another time zone would affect is shown first, and nothing happens until that is chosen", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const { doctor, name } = await busyDoctor(clinic);
  const zone = doctor.timeZone === "Asia/Tokyo" ? "Europe/Berlin" : "Asia/Tokyo";
  const { affectedBookings: affected } = await clinic.ask("PATCH", `/doctors/${doctor.id}?dryRun=true`, {
    timeZone: zone,
  });
  expect(affected.length).toBeGreaterThan(0);
  await signIn("administrator", "/#/doctors");
  const { line, dialog, status } = parts(page);
  await line(name).getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("Time zone").fill(zone);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("heading")).toHaveText(`Another time zone for ${name}?`);
  await expect(dialog).toContainText(`${affected.length} visits would be left outside the hours.`);
  await expect(dialog).toContainText("they stay as they are, and are marked");
  const keep = dialog.getByRole("button", { name: "Go back" });
  await expect(keep).toBeFocused();
  await look();

  // Not now: the form is there as it was.
  await keep.press("Enter");
  await expect(dialog.getByLabel("Time zone")).toHaveValue(zone);
  expect(await clinic.ask("GET", `/doctors/${doctor.id}`)).toMatchObject({ timeZone: doctor.timeZone });

  await dialog.getByRole("button", { name: "Save" }).press("Enter");
  await dialog.getByRole("button", { name: "Save, and keep them" }).press("Enter");
  await expect(status).toHaveText(`${name} is changed.`);
  expect(await clinic.ask("GET", `/doctors/${doctor.id}`)).toMatchObject({ timeZone: zone });
  expect(await clinic.ask("GET", `/bookings/${affected[0].id}`)).toMatchObject({
    status: affected[0].status,
    outsideHours: true,
  });
});

test("who is booked in between is shown before anything is changed", async ({ page, clinic, signIn }) => {
  const { doctor, name } = await busyDoctor(clinic);
  await signIn("administrator", "/#/doctors");
  const { line, dialog } = parts(page);
  // As it was when it was tried: nobody was booked then.
  await page.route(/dryRun=true/, (route) => route.fulfill({ json: { affectedBookings: [], affectedHolds: [] } }));
  await line(name).getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("Time zone").fill("Asia/Tokyo");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("heading")).toHaveText(`Another time zone for ${name}?`);
  await expect(dialog).toContainText(/[1-9]\d* visits would be left outside the hours/);
  expect(await clinic.ask("GET", `/doctors/${doctor.id}`)).toMatchObject({ timeZone: doctor.timeZone });
});

test("a doctor is deactivated, with whom that affects, and activated again", async ({ page, clinic, signIn }) => {
  const { doctor, name, bookings } = await busyDoctor(clinic);
  const { slot } = await clinic.ask("GET", `/doctors/${doctor.id}/availability/next`);
  await clinic.ask("POST", "/holds", { doctorId: doctor.id, start: slot.start });
  await signIn("front-desk", "/#/doctors");
  const { line, dialog, status } = parts(page);
  await line(name).getByRole("button", { name: "Deactivate" }).press("Enter");
  await expect(dialog.getByRole("heading")).toHaveText(`Deactivate ${name}?`);
  await expect(dialog).toContainText(/[1-9]\d* visits would be left outside the hours/);
  await expect(dialog).toContainText("One slot that is being held");
  await expect(dialog.getByRole("button", { name: "Go back" })).toBeFocused();
  const patient = await clinic.ask("GET", `/patients/${bookings[0].patientId}`);
  await expect(dialog.getByText(patient.lastName).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(line(name).getByRole("button", { name: "Deactivate" })).toBeFocused();
  expect(await clinic.ask("GET", `/doctors/${doctor.id}`)).toMatchObject({ active: true });

  await line(name).getByRole("button", { name: "Deactivate" }).press("Enter");
  await dialog.getByRole("button", { name: "Save, and keep them" }).press("Enter");
  await expect(status).toHaveText(`${name} takes no bookings any more.`);
  await expect(line(name)).toContainText("takes no bookings");
  const activate = line(name).getByRole("button", { name: "Activate" });
  await expect(activate).toBeFocused();
  expect(await clinic.ask("GET", `/bookings/${bookings[0].id}`)).toMatchObject({
    status: "booked",
    outsideHours: true,
  });

  await activate.press("Enter");
  await expect(status).toHaveText(`${name} takes bookings again.`);
  expect(await clinic.ask("GET", `/doctors/${doctor.id}`)).toMatchObject({ active: true });
});

test("a change by somebody else shows in the list by itself", async ({ page, clinic, signIn }) => {
  const [doctor] = await clinic.doctors();
  const listening = page.waitForResponse(/\/api\/v1\/events/);
  await signIn("front-desk", "/#/doctors");
  const { line } = parts(page);
  await expect(line(`${doctor.firstName} ${doctor.lastName}`)).toBeVisible();
  await listening;
  await clinic.ask("PATCH", `/doctors/${doctor.id}`, { lastName: "Elsewhere" });
  await expect(line(`${doctor.firstName} Elsewhere`)).toBeVisible();
});

test("whoever is called otherwise now is so in the list of free times, too", async ({ page, clinic, signIn }) => {
  const { items } = await clinic.ask("GET", "/availability?from=2030-01-07&to=2030-01-20&limit=1");
  const [doctor] = (await clinic.doctors()).filter(({ id }) => id === items[0].doctorId);
  const listening = page.waitForResponse(/\/api\/v1\/events/);
  await signIn("front-desk", "/#/list");
  await expect(page.getByText(`${doctor.firstName} ${doctor.lastName}`).first()).toBeVisible();
  await listening;
  await clinic.ask("PATCH", `/doctors/${doctor.id}`, { lastName: "Elsewhere" });
  await expect(page.getByText(`${doctor.firstName} Elsewhere`).first()).toBeVisible();
});

test("a doctor changes only what is the own", async ({ page, clinic, signIn }) => {
  const [own, other] = await clinic.doctors();
  await signIn("doctor", "/#/doctors", { doctorId: own.id });
  const { line, dialog, status } = parts(page);
  await expect(line(`${other.firstName} ${other.lastName}`)).toBeVisible();
  await expect(line(`${other.firstName} ${other.lastName}`).getByRole("button")).toHaveCount(0);
  await line(`${own.firstName} ${own.lastName}`).getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("Minutes of a slot").fill("25");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(status).toContainText("is changed");
  expect(await clinic.ask("GET", `/doctors/${own.id}`)).toMatchObject({ slotMinutes: 25 });
});

test("patients are offered no administration, and no address of it leads them there", async ({ page, signIn }) => {
  await signIn("patient", "/#/doctors");
  await expect(page.getByRole("heading", { level: 2, name: "My visits" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Administration" })).toHaveCount(0);
  for (const part of ["visit-types", "tokens", "webhooks", "audit"]) {
    await page.evaluate((part) => (location.hash = `#/${part}`), part);
    await expect(page.getByRole("heading", { level: 2, name: "My visits" })).toBeVisible();
  }
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("Ärztinnen und Ärzte werden gezeigt und geändert", async ({ page, clinic, signIn, look }) => {
    const [doctor] = await clinic.doctors();
    await signIn("front-desk", "/#/doctors");
    await expect(page.getByRole("heading", { level: 2 })).toHaveText("Ärztinnen und Ärzte");
    const line = page.getByRole("listitem").filter({ hasText: doctor.lastName });
    await line.getByRole("button", { name: "Ändern" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Fach").fill("");
    await dialog.getByRole("button", { name: "Speichern" }).click();
    await expect(dialog.getByLabel("Fach")).toHaveAccessibleDescription("Das ist kein Fach.");
    await look();
  });
});
