// @ts-check
import { expect, test } from "../src/test.js";
import { NOW } from "../src/surroundings.js";
import { TUESDAY, book, doctorNamed, free, newcomer, parts, typeNamed, visitsOf } from "../src/visits.js";

// What is looked at here has whole boards behind it, four times each.
test.slow();

test("the front desk books a slot for a patient", async ({ page, clinic, signIn, look }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, choose, side, status } = parts(page);
  await slot(start, "free", "Amelie Brandt").click();

  await expect(dialog).toHaveAccessibleName("Book with Amelie Brandt");
  await expect(dialog).toContainText("Tuesday, 8 January 2030, 10:00 – 10:30");
  await expect(dialog.getByRole("searchbox", { name: "Find a patient" })).toBeFocused();
  // It is nobody else's meanwhile, and the time that is left shows.
  await expect(dialog).toContainText(/Kept for you for\s+5:00/);
  expect(await free(clinic, doctor)).not.toContain(start);

  await button("Book").click();
  await expect(dialog.getByRole("alert").filter({ hasText: /./ })).toHaveText(
    "Please choose a patient, or add a new one.",
  );
  await choose("Quellmalz");
  await dialog.getByLabel("Reason for the visit").fill("a second look");
  await look("book");
  await button("Book").click();

  await expect(dialog).toBeHidden();
  await expect(status).toHaveText("Booked: Tuesday, 8 January 2030, 10:00, Amelie Brandt.");
  await expect(side).toContainText("Nadia Quellmalz");
  await expect(side).toContainText("a second look");
  await expect(side.getByRole("heading", { name: "Visit" })).toBeFocused();
  await expect(slot(start, "booked", "Amelie Brandt")).toBeVisible();
  const [booking] = await visitsOf(clinic, patient);
  expect(booking).toMatchObject({ doctorId: doctor.id, start, reason: "a second look", status: "booked" });
});

test("what is wrong about a new patient is told at its field, and nothing typed is lost", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, side } = parts(page);
  await slot(start, "free", "Amelie Brandt").click();
  await dialog.getByText("New patient").click();
  await dialog.getByLabel("Last name").fill("Ziegenhals");
  await button("Book").click();
  await expect(dialog.getByLabel("First name")).toBeFocused();
  await expect(dialog.getByLabel("First name")).toHaveAccessibleDescription("Please give both names.");

  await dialog.getByLabel("First name").fill("Pia");
  await dialog.getByLabel("Telephone").fill("call me");
  await dialog.getByLabel("E-mail").fill("pia");
  await button("Book").click();
  await expect(dialog.getByLabel("Telephone")).toBeFocused();
  await expect(dialog.getByLabel("Telephone")).toHaveAccessibleDescription("This is no telephone number.");
  await expect(dialog.getByLabel("E-mail")).toHaveAccessibleDescription("This is no e-mail address.");
  await expect(dialog.getByLabel("First name")).toHaveAccessibleDescription("");
  await expect(dialog.getByLabel("Last name")).toHaveValue("Ziegenhals");
  await look();

  await dialog.getByLabel("Telephone").fill("+49 30 5550 123");
  await dialog.getByLabel("E-mail").fill("pia@example.org");
  await button("Book").click();
  await expect(side).toContainText("Pia Ziegenhals · +49 30 5550 123");
  const { items } = await clinic.ask("GET", "/patients?q=Ziegenhals");
  expect(items).toHaveLength(1);
});

test("a visit can only be of a type that the doctor offers, and is as long as that says", async ({
  page,
  clinic,
  signIn,
}) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const type = await typeNamed(clinic, "Video call");
  const slots = await free(clinic, doctor);
  const both = await free(clinic, doctor, TUESDAY, type.id);
  const start = slots.find((one) => both.includes(one)) ?? "";
  expect(start).not.toBe("");
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, choose, side } = parts(page);
  await slot(start, "free", "Amelie Brandt").click();
  const types = dialog.getByLabel("Type of visit");
  await expect(types.getByRole("option")).toHaveText([
    "No particular type",
    "Check-up (30 min)",
    "First visit (60 min)",
    "Video call (15 min)",
  ]);
  await types.selectOption({ label: "Video call (15 min)" });
  await expect(dialog).toContainText(/Kept for you/);
  await choose("Quellmalz");
  await button("Book").click();
  await expect(side).toContainText("Video call");
  const [booking] = await visitsOf(clinic, patient);
  expect(booking?.visitType).toBe(type.id);
  expect(Date.parse(booking?.end ?? "") - Date.parse(start)).toBe(15 * 60_000);
});

test("what is kept can be kept longer, and otherwise runs out and can still be booked", async ({
  page,
  clinic,
  signIn,
}) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button } = parts(page);
  await slot(start, "free", "Amelie Brandt").click();
  await expect(dialog).toContainText(/Kept for you for\s+5:00/);
  await expect(button("Keep it longer")).toBeHidden();
  const after = (/** @type {number} */ seconds) => page.clock.setFixedTime(NOW.getTime() + seconds * 1000);

  await after(255);
  await expect(dialog).toContainText(/less than a minute\.\s+0:45/);
  const made = page.waitForResponse((answer) => answer.url().endsWith("/holds") && answer.status() === 201);
  await button("Keep it longer").click();
  await made;
  await expect(dialog).toContainText(/Kept for you for\s+5:00/);
  expect(await free(clinic, doctor)).not.toContain(start);

  await after(255 + 301);
  await expect(dialog).toContainText("No longer kept for you. It can still be booked, unless somebody else was quicker.");
  await expect(button("Book")).toBeEnabled();
});

test("a slot is given back when the form is closed, and when the page goes away", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button } = parts(page);
  const chip = slot(start, "free", "Amelie Brandt");
  await chip.click();
  await expect(dialog).toContainText(/Kept for you/);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect.poll(() => free(clinic, doctor)).toContain(start);
  await expect(slot(start, "free", "Amelie Brandt")).toBeFocused();

  await chip.click();
  await expect(dialog).toContainText(/Kept for you/);
  await button("Close").click();
  await expect.poll(() => free(clinic, doctor)).toContain(start);

  await chip.click();
  await expect(dialog).toContainText(/Kept for you/);
  expect(await free(clinic, doctor)).not.toContain(start);
  await page.goto("about:blank");
  await expect.poll(() => free(clinic, doctor)).toContain(start);
});

test("whoever is too late is offered what is free nearby, and books that at once", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const other = await newcomer(clinic, { firstName: "Quick" });
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, choose, alert, side } = parts(page);
  await slot(start, "free", "Amelie Brandt").click();
  await expect(dialog).toContainText(/Kept for you/);
  await choose("Nadia Quellmalz");
  // What is kept runs out, and somebody else is quicker.
  await page.clock.setFixedTime(NOW.getTime() + 301_000);
  await expect(dialog).toContainText("No longer kept for you");
  await releaseAll(page);
  await book(clinic, doctor, other, start);

  await button("Book").click();
  await expect(alert).toHaveText("Somebody else was quicker: this time is not free any more.");
  const near = dialog.getByRole("group", { name: "Free nearby:" }).getByRole("button");
  await expect(near.first()).toBeVisible();
  await expect(button("Book")).toBeDisabled();
  await expect(dialog).not.toContainText("It can still be booked");
  await look("book-conflict");

  const name = (await near.first().textContent()) ?? "";
  await near.first().click();
  await expect(dialog).toContainText(/Kept for you/);
  await expect(button("Book")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(side).toContainText("Nadia Quellmalz");
  await expect(parts(page).status).toContainText(name);
  expect(await visitsOf(clinic, patient)).toHaveLength(1);
});

/** @type {string[]} */
let kept = [];
test.beforeEach(({ page }) => {
  kept = [];
  page.on("response", async (answer) => {
    if (answer.request().method() !== "POST" || !answer.url().endsWith("/holds") || answer.status() !== 201) return;
    kept.push((await answer.json()).id);
  });
});

/** Lets run out at the service what the page holds: it has a clock of its own. @param {import("@playwright/test").Page} page */
async function releaseAll(page) {
  for (const id of kept) await page.request.delete(`/api/v1/holds/${id}`, { headers: { Origin: new URL(page.url()).origin } });
}

test("a slot that somebody else holds goes from the board, and whoever had it open already is told", async ({
  page,
  clinic,
  signIn,
}) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, alert, button } = parts(page);
  await expect(slot(start, "free", "Amelie Brandt")).toBeVisible();
  // It is held at the very moment in which it is chosen.
  await page.route("**/api/v1/holds", async (route) => {
    await clinic.ask("POST", "/holds", { doctorId: doctor.id, start });
    await route.continue();
  });
  await slot(start, "free", "Amelie Brandt").click();
  await expect(alert).toHaveText("This time is being held for somebody else at the moment.");
  await expect(dialog.getByRole("group", { name: "Free nearby:" }).getByRole("button").first()).toBeVisible();
  await expect(button("Book")).toBeDisabled();
  await page.unroute("**/api/v1/holds");
  await page.keyboard.press("Escape");
  await expect(slot(start, "held", "Amelie Brandt")).toBeVisible();
});

test("an answer that is lost on the way makes no second booking", async ({ page, clinic, signIn, guard }) => {
  guard.expect(/ERR_FAILED/);
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, choose, side } = parts(page);
  await slot(start, "free", "Amelie Brandt").click();
  await expect(dialog).toContainText(/Kept for you/);
  await choose("Quellmalz");
  // The first answer is lost; when it is asked for again, the service is still at it.
  /** @type {(string | undefined)[]} */
  const keys = [];
  await page.route("**/api/v1/bookings", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 2) return route.continue();
    if (keys.length === 2) return route.fulfill({ status: 409, json: { code: "request-in-progress", status: 409 } });
    await route.fetch();
    await route.abort();
  });
  await button("Book").click();
  await expect(side).toContainText("Nadia Quellmalz");
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(await visitsOf(clinic, patient)).toHaveLength(1);
});

test("when the service cannot be reached, what is typed stays, and it can be tried again", async ({
  page,
  clinic,
  signIn,
  guard,
  context,
}) => {
  guard.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, choose, alert, side } = parts(page);
  await slot(start, "free", "Amelie Brandt").click();
  await expect(dialog).toContainText(/Kept for you/);
  await choose("Quellmalz");
  await dialog.getByLabel("Reason for the visit").fill("pain");
  await context.setOffline(true);
  await button("Book").click();
  await expect(alert).toHaveText("The service cannot be reached. Please see to the connection and try again.");
  await expect(dialog.getByLabel("Reason for the visit")).toHaveValue("pain");
  await context.setOffline(false);
  await button("Book").click();
  await expect(side).toContainText("pain");
  expect(await visitsOf(clinic, patient)).toHaveLength(1);
});

test("the keyboard alone books", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  await signIn("front-desk", `/#/week?doctor=${doctor.id}&date=${TUESDAY}`);
  const { dialog, side } = parts(page);
  const entry = page.locator('[data-chip][tabindex="0"]');
  await expect(entry).toHaveClass(/free/);
  await entry.focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText(/Kept for you/);
  await page.keyboard.insertText("Quellmalz");
  await expect(dialog.getByRole("radio")).toHaveCount(1);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(dialog.getByRole("radio")).toBeChecked();
  for (let stops = 0; stops < 12; stops += 1) {
    await page.keyboard.press("Tab");
    if (await dialog.getByRole("button", { name: "Book", exact: true }).evaluate((one) => one === document.activeElement)) break;
  }
  await page.keyboard.press("Enter");
  await expect(side.getByRole("heading", { name: "Visit" })).toBeFocused();
  await expect(side).toContainText("Nadia Quellmalz");
  expect(await visitsOf(clinic, patient)).toHaveLength(1);
  await page.keyboard.press("Escape");
  await expect(side).toBeHidden();
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("booking is in German", async ({ page, clinic, signIn, look }) => {
    const doctor = await doctorNamed(clinic, "Brandt");
    const [start = ""] = await free(clinic, doctor);
    await signIn("front-desk", `/#/day?date=${TUESDAY}`);
    const { dialog, button } = parts(page);
    await page.getByRole("button", { name: new RegExp(`^${start.slice(11, 16)} frei bis .*, .*Amelie Brandt$`) }).click();
    await expect(dialog).toHaveAccessibleName("Termin bei Amelie Brandt");
    await expect(dialog).toContainText("Dienstag, 8. Januar 2030, 10:00 – 10:30");
    await expect(dialog).toContainText(/Für Sie freigehalten für\s+5:00/);
    await button("Buchen").click();
    await expect(dialog.getByRole("alert").filter({ hasText: /./ })).toHaveText(
      "Bitte wählen Sie jemanden aus, oder nehmen Sie jemanden neu auf.",
    );
    await look();
  });
});
