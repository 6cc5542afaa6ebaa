// @ts-check
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
const parts = (page) => ({
  title: page.getByRole("heading", { level: 2, name: "Tokens" }),
  lines: page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { level: 3 }) }),
  line: (/** @type {string} */ name) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name, exact: true }) }),
  create: page.getByRole("button", { name: "New token" }),
  status: page.getByRole("status").filter({ visible: true, hasText: /./ }),
  dialog: page.getByRole("dialog").last(),
  alert: page.getByRole("dialog").last().getByRole("alert").filter({ hasText: /./ }),
});

/**
 * Everything that a script could find of a secret.
 *
 * @param {Page} page
 */
const whatScriptsFind = (page) =>
  page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      await indexedDB.databases(),
      await caches.keys(),
      document.cookie,
      location.href,
      history.state,
      document.documentElement.outerHTML,
      [...document.querySelectorAll("input, textarea")].map((field) => /** @type {HTMLInputElement} */ (field).value),
    ]),
  );

test("the list tells of each token what it is worth, and whose it is", async ({ page, clinic, signIn, look }) => {
  const [doctor] = await clinic.doctors();
  const [patient] = await clinic.patients();
  await clinic.token("front-desk", { name: "Window 2" });
  await clinic.token("doctor", { name: "Her tablet", expiresAt: "2030-06-01T08:00:00+02:00" });
  await clinic.token("patient", { name: "At the kiosk" });
  const lost = await clinic.token("front-desk", { name: "Lost" });
  await clinic.ask("DELETE", `/tokens/${lost.id}`);
  await signIn("administrator", "/#/tokens", { name: "Ada’s laptop" });
  const { title, line } = parts(page);
  await expect(title).toBeVisible();
  await expect(line("Window 2")).toContainText("valid");
  await expect(line("Window 2")).toContainText("Front desk");
  await expect(line("Window 2")).toContainText("by ADMIN_TOKEN");
  await expect(line("Her tablet")).toContainText(`${doctor.firstName} ${doctor.lastName}`);
  await expect(line("Her tablet")).toContainText("1 Jun 2030, 08:00");
  await expect(line("Lost")).toContainText("revoked");
  await expect(line("Lost").getByRole("button", { name: "Revoke" })).toHaveCount(0);
  await expect(line("Ada’s laptop")).toContainText("this is yours");
  await look("tokens");
  // A patient's name is looked up only when somebody wants to know: that is written down.
  await expect(page.getByText(patient.lastName)).toHaveCount(0);
  const before = await clinic.ask("GET", `/audit?patientId=${patient.id}`);
  await line("At the kiosk").getByRole("button", { name: "Show the name" }).press("Enter");
  await expect(line("At the kiosk")).toContainText(`${patient.firstName} ${patient.lastName}`);
  const after = await clinic.ask("GET", `/audit?patientId=${patient.id}`);
  expect(after.items.length).toBe(before.items.length + 1);
});

test("a token is created, its secret shown once, and then nowhere", async ({ page, clinic, signIn, look, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: clinic.url });
  await signIn("administrator", "/#/tokens");
  const { line, create, dialog, status } = parts(page);
  await create.press("Enter");
  await expect(dialog.getByLabel("What it is called")).toBeFocused();
  await page.keyboard.type("Front desk, window 3");
  await dialog.getByLabel("Expires").fill("2030-02-01T18:00");
  await look();
  await dialog.getByRole("button", { name: "Create" }).press("Enter");

  await expect(dialog.getByRole("heading")).toHaveText("Token “Front desk, window 3”");
  await expect(dialog).toContainText("This is shown now, and never again.");
  const secret = (await dialog.getByLabel("Secret").locator("code").textContent()) ?? "";
  expect(secret).toMatch(/^dbk_[0-9a-f]{64}$/);
  const link = (await dialog.getByLabel("Link to sign in").locator("code").textContent()) ?? "";
  expect(link).toBe(`${clinic.url}/#token=${secret}`);
  await dialog.getByRole("button", { name: "Copy: Secret" }).press("Enter");
  await expect(dialog.getByRole("status")).toHaveText("Copied.");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await dialog.getByRole("button", { name: "Copy: Link to sign in" }).press("Enter");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  // It is another one each time: pictures would never be the same.
  await page.evaluate(() => {
    const [secret, link] = document.querySelectorAll("dialog code");
    secret.textContent = `dbk_${"0123456789abcdef".repeat(4)}`;
    link.textContent = `https://clinic.example/#token=${secret.textContent}`;
  });
  await look("token-once");

  await dialog.getByRole("button", { name: "I have put it away" }).press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(create).toBeFocused();
  await expect(status).toHaveText("The token “Front desk, window 3” is made.");
  await expect(line("Front desk, window 3")).toContainText("1 Feb 2030, 18:00");
  expect(await whatScriptsFind(page)).not.toContain(secret.slice(4));
  await page.reload();
  await expect(line("Front desk, window 3")).toBeVisible();
  expect(await whatScriptsFind(page)).not.toContain(secret.slice(4));

  // And it is what it says.
  const other = await page.context().browser()?.newContext({ baseURL: clinic.url });
  const answer = await other?.request.get("/api/v1/me", { headers: { Authorization: `Bearer ${secret}` } });
  expect(await answer?.json()).toMatchObject({ role: "front-desk", name: "Front desk, window 3" });
  await other?.close();
});

test("a secret that is closed by Escape, or by signing out, is gone as well", async ({ page, clinic, signIn }) => {
  const { id } = await signIn("administrator", "/#/tokens");
  const { create, dialog } = parts(page);
  for (const name of ["One", "Two"]) {
    await create.click();
    await dialog.getByLabel("What it is called").fill(name);
    await dialog.getByRole("button", { name: "Create" }).click();
    const secret = (await dialog.getByLabel("Secret").locator("code").textContent()) ?? "";
    expect(await whatScriptsFind(page)).toContain(secret);
    if (name === "One") {
      await page.keyboard.press("Escape");
    } else {
      // The session ends while it is open.
      await clinic.ask("DELETE", `/tokens/${id}`);
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
      await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    }
    await expect(page.getByRole("dialog")).toHaveCount(0);
    expect(await whatScriptsFind(page)).not.toContain(secret.slice(4));
  }
});

test("where the browser does not copy, the secret is marked", async ({ page, signIn }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await signIn("administrator", "/#/tokens");
  const { create, dialog } = parts(page);
  await create.click();
  await dialog.getByLabel("What it is called").fill("One");
  await dialog.getByRole("button", { name: "Create" }).click();
  const secret = await dialog.getByLabel("Secret").locator("code").textContent();
  await dialog.getByRole("button", { name: "Copy: Secret" }).click();
  await expect(dialog.getByRole("status")).toContainText("It is marked");
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(secret);
});

test("a token for a doctor, and one for a patient, say whose they are", async ({ page, clinic, signIn }) => {
  const [, doctor] = await clinic.doctors();
  const [patient] = await clinic.patients();
  await signIn("administrator", "/#/tokens");
  const { create, dialog } = parts(page);
  await create.click();
  await dialog.getByLabel("What it is called").fill("For a doctor");
  await expect(dialog.getByLabel("Doctor")).toBeHidden();
  await dialog.getByLabel("Role").selectOption("Doctor");
  await dialog
    .getByLabel("Doctor", { exact: true })
    .selectOption({ label: `${doctor.firstName} ${doctor.lastName} · ${doctor.specialty}` });
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.getByRole("button", { name: "I have put it away" }).click();

  await create.click();
  await dialog.getByLabel("What it is called").fill("For a patient");
  await dialog.getByLabel("Role").selectOption("Patient");
  await dialog.getByLabel("Find a patient").fill(`${patient.firstName} ${patient.lastName}`);
  await dialog
    .getByRole("radio", { name: new RegExp(`^${patient.firstName} ${patient.lastName}`) })
    .first()
    .check();
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.getByRole("button", { name: "I have put it away" }).click();

  const { items } = await clinic.ask("GET", "/tokens");
  const named = (/** @type {string} */ wanted) =>
    items.find((/** @type {{ name: string }} */ { name }) => name === wanted);
  expect(named("For a doctor")).toMatchObject({
    role: "doctor",
    doctorId: doctor.id,
    patientId: null,
    expiresAt: null,
  });
  expect(named("For a patient")).toMatchObject({ role: "patient", doctorId: null, patientId: patient.id });
});

test("all that is wrong with a token is told at its field, and what was typed stays", async ({
  page,
  signIn,
  look,
}) => {
  await signIn("administrator", "/#/tokens");
  const { create, dialog, alert } = parts(page);
  await create.click();
  await dialog.getByLabel("Role").selectOption("Doctor");
  await dialog.getByLabel("Expires").fill("2029-12-31T12:00");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(alert).toHaveText(/^Please look at the fields that are marked: What it is called, Doctor/);
  await expect(dialog.getByLabel("What it is called")).toBeFocused();
  await expect(dialog.getByLabel("What it is called")).toHaveAccessibleDescription(/no name/);
  await expect(dialog.getByLabel("Doctor", { exact: true })).toHaveAccessibleDescription(/whose it is/);
  await dialog.getByLabel("What it is called").fill("Late");
  await dialog.getByLabel("Role").selectOption("Front desk");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByLabel("Expires")).toBeFocused();
  await expect(dialog.getByLabel("Expires")).toHaveAccessibleDescription(/in the future/);
  await expect(dialog.getByLabel("Expires")).toHaveValue("2029-12-31T12:00");
  await look();
  // Nobody is picked: the picker says so.
  await dialog.getByLabel("Role").selectOption("Patient");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: "Please choose a patient" })).toBeVisible();
});

test("a token whose answer got lost on the way is told of, and not shown", async ({ page, clinic, signIn, guard }) => {
  guard.expect(/ERR_FAILED \(.*\/api\/v1\/tokens/);
  await signIn("administrator", "/#/tokens");
  const { create, dialog, status, line } = parts(page);
  let sent = 0;
  // The first answer does not arrive; the page sends the same once more, with the same key.
  await page.route("**/api/v1/tokens", async (route) => {
    if (route.request().method() !== "POST" || (sent += 1) > 1) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await create.click();
  await dialog.getByLabel("What it is called").fill("Lost");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(status).toContainText("it cannot be shown again. Please revoke it");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(line("Lost")).toHaveCount(1);
  const { items } = await clinic.ask("GET", "/tokens");
  expect(items.filter((/** @type {{ name: string }} */ { name }) => name === "Lost")).toHaveLength(1);
});

test("a token is revoked only after one has said so", async ({ page, clinic, signIn, look }) => {
  const { id } = await clinic.token("front-desk", { name: "Window 2" });
  await signIn("administrator", "/#/tokens");
  const { line, dialog, status } = parts(page);
  await line("Window 2").getByRole("button", { name: "Revoke" }).press("Enter");
  await expect(dialog.getByRole("heading")).toHaveText("Revoke “Window 2”?");
  await expect(dialog).not.toContainText("you will be signed out");
  await expect(dialog.getByRole("button", { name: "Leave it as it is" })).toBeFocused();
  await look();
  await page.keyboard.press("Enter");
  expect(await clinic.ask("GET", `/tokens/${id}`)).toMatchObject({ revokedAt: null });
  await expect(line("Window 2").getByRole("button", { name: "Revoke" })).toBeFocused();
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Revoke it" }).press("Enter");
  await expect(status).toHaveText("“Window 2” is revoked.");
  await expect(line("Window 2")).toContainText("revoked");
  await expect(line("Window 2").getByRole("button")).toHaveCount(0);
  await expect(page.locator(":focus")).toHaveCount(1);
  expect((await clinic.ask("GET", `/tokens/${id}`)).revokedAt).not.toBeNull();
});

test("whoever revokes the own token is told before, and signed out", async ({ page, signIn }) => {
  await signIn("administrator", "/#/tokens", { name: "Ada’s laptop" });
  const { line, dialog } = parts(page);
  await line("Ada’s laptop").getByRole("button", { name: "Revoke" }).click();
  await expect(dialog).toContainText("It is the one with which you are signed in: you will be signed out.");
  await dialog.getByRole("button", { name: "Revoke it" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("what somebody else has revoked in the meantime is no trouble", async ({ page, clinic, signIn }) => {
  const { id } = await clinic.token("front-desk", { name: "Window 2" });
  await signIn("administrator", "/#/tokens");
  const { line, dialog, status } = parts(page);
  await line("Window 2").getByRole("button", { name: "Revoke" }).click();
  await clinic.ask("DELETE", `/tokens/${id}`);
  await dialog.getByRole("button", { name: "Revoke it" }).click();
  await expect(status).toHaveText("“Window 2” is revoked.");
});

test("more tokens than are on a page come on demand", async ({ page, clinic, signIn }) => {
  for (let count = 0; count < 52; count += 1) await clinic.token("front-desk", { name: `Window ${count}` });
  await signIn("administrator", "/#/tokens", { name: "The last" });
  const { lines, line } = parts(page);
  await expect(lines).toHaveCount(50);
  await page.getByRole("button", { name: "Show more" }).press("Enter");
  await expect(line("The last")).toBeVisible();
  await expect(lines.nth(50)).toBeFocused();
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("ein Token wird angelegt und einmal gezeigt", async ({ page, signIn, look }) => {
    await signIn("administrator", "/#/tokens");
    await page.getByRole("button", { name: "Neues Token" }).click();
    const dialog = page.getByRole("dialog").last();
    await dialog.getByLabel("Wie es heißt").fill("Empfang");
    await dialog.getByRole("button", { name: "Anlegen" }).click();
    await expect(dialog.getByRole("heading")).toHaveText("Token „Empfang“");
    await expect(dialog).toContainText("Das wird jetzt angezeigt und nie wieder.");
    await look();
  });
});
