// @ts-check
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("../src/clinic.js").Clinic} Clinic */

/** @param {Page} page */
const parts = (page) => ({
  title: page.getByRole("heading", { level: 2, name: "Audit log" }),
  lines: page.getByRole("main").getByRole("listitem"),
  filters: page.getByRole("search"),
  dialog: page.getByRole("dialog").last(),
});

/**
 * What a token of a role asks for.
 *
 * @param {Clinic} clinic
 * @param {string} token
 * @param {string} path
 */
const askAs = (clinic, token, path) =>
  fetch(`${clinic.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` } });

/**
 * Waits until it is later than all that the demo clinic has done: it was filled at the same time of the same day.
 *
 * @param {Clinic} clinic
 */
async function afterTheDemo(clinic) {
  // That takes as long as it took to fill it.
  test.slow();
  const [patient] = await clinic.patients();
  const { callerId } = await clinic.ask("GET", "/me");
  const latest = async () => {
    await clinic.ask("GET", `/patients/${patient.id}`);
    return (await clinic.ask("GET", "/audit?limit=1")).items[0].callerId;
  };
  await expect.poll(latest, { timeout: 20_000 }).toBe(callerId);
}

test("the log reads as sentences, and names nobody's patient by itself", async ({ page, clinic, signIn, look }) => {
  const [patient] = await clinic.patients();
  const desk = await clinic.token("front-desk", { name: "Window 2" });
  await afterTheDemo(clinic);
  expect((await askAs(clinic, desk.token, "/audit")).status).toBe(403);
  expect((await askAs(clinic, desk.token, `/patients/${patient.id}`)).status).toBe(200);
  await signIn("administrator", "/#/audit");
  const { title, lines } = parts(page);
  await expect(title).toBeVisible();
  // That the administrator follows what happens is in the log, too.
  const seen = lines.filter({ hasText: "Look at a patient’s record" }).first();
  const refused = lines.filter({ hasText: "refused" }).first();
  await expect(seen).toContainText("7 Jan 2030, 10:15");
  await expect(seen).toContainText("Look at a patient’s record: seen");
  await expect(seen).toContainText("Window 2 · Front desk");
  await expect(refused).toContainText("Read the audit log: refused");
  await look("audit");

  await expect(page.getByText(patient.lastName)).toHaveCount(0);
  await seen.getByRole("button", { name: "Show the name" }).press("Enter");
  await expect(seen.getByText(`${patient.firstName} ${patient.lastName}`)).toBeFocused();
  // That was a look, too.
  await page.goto("/#/audit?action=read-patients");
  await expect(lines.nth(0)).toContainText("Test of administrator · Administrator");
  await expect(lines.nth(1)).toContainText("Window 2 · Front desk");
});

test("what is chosen narrows the log, and is in the address", async ({ page, clinic, signIn }) => {
  const desk = await clinic.token("front-desk", { name: "Window 2" });
  await askAs(clinic, desk.token, "/audit");
  await askAs(clinic, desk.token, "/webhooks");
  await signIn("administrator", "/#/audit");
  const { lines, filters } = parts(page);
  await filters.getByLabel("Outcome").selectOption("refused");
  await expect(lines).toHaveCount(2);
  await filters.getByLabel("Action").selectOption("Manage webhooks");
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText("Manage webhooks: refused");
  await page.reload();
  await expect(lines).toHaveCount(1);
  await expect(filters.getByLabel("Action")).toHaveValue("manage-webhooks");
  await page.goBack();
  await expect(lines).toHaveCount(2);

  // Days are those of whoever looks at it, the last one with all of it.
  await filters.getByLabel("To").fill("2030-01-06");
  await expect(page.getByText("There is nothing here.")).toBeVisible();
  await filters.getByLabel("To").fill("2030-01-07");
  await expect(lines).toHaveCount(2);
  await filters.getByLabel("From").fill("2030-01-08");
  await expect(page.getByText("There is nothing here.")).toBeVisible();
});

test("one finds out what one caller did, and who has looked at one patient", async ({ page, clinic, signIn, look }) => {
  const [patient, other] = await clinic.patients();
  const desk = await clinic.token("front-desk", { name: "Window 2" });
  for (const { id } of [patient, other]) await askAs(clinic, desk.token, `/patients/${id}`);
  await signIn("administrator", "/#/audit?action=read-patients");
  const { lines, filters, dialog } = parts(page);
  await lines.first().getByRole("link", { name: "only these Window 2" }).press("Enter");
  await expect(page.getByText("Only what one caller did: Window 2")).toBeVisible();
  await expect(lines).toHaveCount(2);
  // It is these already.
  await expect(page.getByRole("link", { name: "only these Window 2" })).toHaveCount(0);
  await look();
  await page.getByRole("link", { name: "Show all" }).press("Enter");
  await expect(page.getByText("Only what one caller did")).toHaveCount(0);
  await expect(lines).toHaveCount(50);

  await filters.getByRole("button", { name: "Find by patient" }).press("Enter");
  await expect(dialog.getByLabel("Find a patient")).toBeFocused();
  await expect(dialog.getByText("New patient")).toHaveCount(0);
  await page.keyboard.type(`${other.firstName} ${other.lastName}`);
  await expect(dialog.getByRole("radio")).toHaveCount(1);
  await dialog.getByRole("radio", { name: new RegExp(`^${other.firstName} ${other.lastName}`) }).press("Space");
  await dialog.getByRole("button", { name: "Show" }).press("Enter");
  await expect(page.getByText("Only what concerns one patient")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`patient=${other.id}`));
  await expect(lines.filter({ hasText: "Window 2" })).toHaveCount(1);
  // Only those; to search for the patient was a look, too, and the last of these may have been written down since.
  const { items } = await clinic.ask("GET", `/audit?patientId=${other.id}&action=read-patients`);
  const keys = await lines.evaluateAll((lines) => lines.map((line) => line.dataset.key ?? ""));
  expect(items.map((/** @type {{ id: string }} */ { id }) => `line ${id}`)).toEqual(expect.arrayContaining(keys));
});

test("an older part of the log comes on demand", async ({ page, clinic, signIn }) => {
  const desk = await clinic.token("front-desk", { name: "Window 2" });
  for (let count = 0; count < 53; count += 1) await askAs(clinic, desk.token, "/webhooks");
  await signIn("administrator", "/#/audit?outcome=refused");
  const { lines } = parts(page);
  await expect(lines).toHaveCount(50);
  await page.getByRole("button", { name: "Show more" }).press("Enter");
  await expect(lines).toHaveCount(53);
  await expect(lines.nth(50)).toBeFocused();
  await expect(page.getByText("53 in all")).toBeVisible();
});

test("a visit that the log is about is shown at the side", async ({ page, signIn }) => {
  await signIn("administrator", "/#/audit?action=read-bookings");
  const { lines } = parts(page);
  await lines.first().getByRole("button", { name: "Show the visit" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Visit", exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(lines.first().getByRole("button", { name: "Show the visit" })).toBeFocused();
});

test("an address that makes no sense shows all of the log", async ({ page, signIn }) => {
  await signIn("administrator", "/#/audit?action=nonsense&outcome=x&from=2030-99-99&to=y&caller=z&patient=1");
  await expect(parts(page).lines).toHaveCount(50);
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
});

test("who nobody knows is told as such", async ({ page, clinic, signIn }) => {
  expect((await fetch(`${clinic.url}/api/v1/me`, { headers: { Authorization: "Bearer dbk_no" } })).status).toBe(401);
  await signIn("administrator", "/#/audit?outcome=refused");
  const { lines } = parts(page);
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText("Sign in: refused");
  await expect(lines).toContainText("somebody unknown");
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("das Protokoll liest sich in Worten", async ({ page, clinic, signIn, look }) => {
    const desk = await clinic.token("front-desk", { name: "Schalter 2" });
    await askAs(clinic, desk.token, "/webhooks");
    await signIn("administrator", "/#/audit?outcome=refused");
    const { lines } = parts(page);
    await expect(lines.first()).toContainText("Webhooks verwalten: abgelehnt");
    await expect(lines.first()).toContainText("Schalter 2 · Empfang");
    await look();
  });
});
