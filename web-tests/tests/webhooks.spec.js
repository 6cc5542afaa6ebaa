// @ts-check
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
const parts = (page) => ({
  title: page.getByRole("heading", { level: 2, name: "Webhooks" }),
  lines: page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { level: 3 }) }),
  line: (/** @type {string} */ url) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name: url, exact: true }) }),
  create: page.getByRole("button", { name: "New webhook" }),
  status: page.getByRole("status").filter({ visible: true, hasText: /./ }),
  dialog: page.getByRole("dialog").last(),
  alert: page.getByRole("dialog").last().getByRole("alert").filter({ hasText: /./ }),
});

/**
 * Shows something else in place of the secret, which is another one each time: so pictures stay the same.
 *
 * @param {Page} page
 */
const standIn = (page) =>
  page.evaluate(() => {
    for (const shown of document.querySelectorAll("dialog code"))
      shown.textContent = `whsec_${"0123456789abcdef".repeat(3).slice(5)}=`;
  });

const URL = "https://example.org/hooks/bookings";

test("a webhook is created by the keyboard, and its secret shown once", async ({ page, clinic, signIn, look }) => {
  await signIn("administrator", "/#/webhooks");
  const { title, line, create, dialog, status } = parts(page);
  await expect(title).toBeVisible();
  await expect(page.getByText("There is nothing here.")).toBeVisible();
  await create.press("Enter");
  await expect(dialog.getByLabel("URL")).toBeFocused();
  await page.keyboard.type(URL);
  await dialog.getByLabel("Only this:").press("Space");
  const visits = dialog.getByRole("group", { name: "Visits" });
  await visits.getByLabel("booked", { exact: true }).press("Space");
  await visits.getByLabel("cancelled").press("Space");
  await look();
  await page.keyboard.press("Enter");

  await expect(dialog.getByRole("heading")).toHaveText("Secret of the webhook");
  const secret = (await dialog.getByLabel("Secret").locator("code").textContent()) ?? "";
  expect(secret).toMatch(/^whsec_/);
  await expect(dialog).toContainText(`Messages to ${URL} are signed with it`);
  await standIn(page);
  await look();
  await dialog.getByRole("button", { name: "I have put it away" }).press("Enter");
  await expect(create).toBeFocused();
  await expect(status).toHaveText("The webhook is made.");
  expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(secret.slice(6));

  await expect(line(URL)).toContainText("booked, cancelled");
  await expect(line(URL)).toContainText("active");
  const { items } = await clinic.ask("GET", "/webhooks");
  expect(items).toMatchObject([{ url: URL, events: ["booking.created", "booking.cancelled"], active: true }]);
  await clinic.ask("POST", "/webhooks", { url: "https://example.net/everything" });
  await page.reload();
  await expect(line("https://example.net/everything")).toContainText("everything");
  await look("webhooks");
});

test("all that is wrong with a webhook is told at its field, and what was typed stays", async ({
  page,
  signIn,
  look,
}) => {
  await signIn("administrator", "/#/webhooks");
  const { create, dialog, alert } = parts(page);
  await create.click();
  await dialog.getByLabel("URL").fill("ftp://example.org/#top");
  await dialog.getByLabel("Only this:").check();
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(alert).toHaveText("Please look at the fields that are marked: URL, What it is told.");
  await expect(dialog.getByLabel("URL")).toBeFocused();
  await expect(dialog.getByLabel("URL")).toHaveAccessibleDescription(/It has to be a URL with https or http/);
  await expect(dialog.getByLabel("URL")).toHaveValue("ftp://example.org/#top");
  await expect(dialog.getByRole("group", { name: "What it is told" })).toHaveAccessibleDescription(
    "Please choose one at least.",
  );
  await look();
  await dialog.getByLabel("URL").fill(URL);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(alert).toHaveText("Please look at the fields that are marked: What it is told.");
  await expect(dialog.getByLabel("booked", { exact: true })).toBeFocused();
});

test("a webhook is changed, also when somebody else was quicker", async ({ page, clinic, signIn }) => {
  const { id } = await clinic.ask("POST", "/webhooks", { url: URL, events: ["booking.created"] });
  await signIn("administrator", "/#/webhooks");
  const { line, dialog, alert, status } = parts(page);
  await line(URL).getByRole("button", { name: "Change" }).click();
  await expect(dialog.getByLabel("booked", { exact: true })).toBeChecked();
  await dialog.getByLabel("moved", { exact: true }).check();
  await clinic.ask("PATCH", `/webhooks/${id}`, { url: "https://example.org/quicker" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(alert).toContainText("Somebody else has changed it in the meantime.");
  await expect(alert).toContainText("URL: https://example.org/quicker");
  await expect(dialog.getByLabel("URL")).toHaveValue("https://example.org/quicker");
  await expect(dialog.getByLabel("moved", { exact: true })).toBeChecked();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(status).toHaveText("The webhook is changed.");
  await expect(line("https://example.org/quicker")).toContainText("booked, moved");
  expect(await clinic.ask("GET", `/webhooks/${id}`)).toMatchObject({
    url: "https://example.org/quicker",
    events: ["booking.created", "booking.moved"],
  });
});

test("a webhook is paused only after one has said so, and goes on", async ({ page, clinic, signIn }) => {
  const { id } = await clinic.ask("POST", "/webhooks", { url: URL });
  await signIn("administrator", "/#/webhooks");
  const { line, dialog, status } = parts(page);
  await line(URL).getByRole("button", { name: "Pause" }).press("Enter");
  await expect(dialog).toContainText("what happens meanwhile it is never told");
  await expect(dialog.getByRole("button", { name: "Leave it as it is" })).toBeFocused();
  await dialog.getByRole("button", { name: "Pause" }).press("Enter");
  await expect(status).toHaveText("The webhook is paused.");
  await expect(line(URL)).toContainText("paused");
  expect(await clinic.ask("GET", `/webhooks/${id}`)).toMatchObject({ active: false });
  const resume = line(URL).getByRole("button", { name: "Go on" });
  await expect(resume).toBeFocused();
  await resume.press("Enter");
  await expect(status).toHaveText("The webhook goes on.");
  expect(await clinic.ask("GET", `/webhooks/${id}`)).toMatchObject({ active: true });
});

test("a webhook is deleted only after one has said so", async ({ page, clinic, signIn, look }) => {
  await clinic.ask("POST", "/webhooks", { url: URL });
  await signIn("administrator", "/#/webhooks");
  const { title, line, dialog, status } = parts(page);
  await line(URL).getByRole("button", { name: "Delete" }).press("Enter");
  await expect(dialog.getByRole("button", { name: "Leave it as it is" })).toBeFocused();
  await look();
  await page.keyboard.press("Escape");
  await expect(line(URL).getByRole("button", { name: "Delete" })).toBeFocused();
  expect((await clinic.ask("GET", "/webhooks")).items).toHaveLength(1);

  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Delete it" }).press("Enter");
  await expect(status).toHaveText("The webhook is deleted.");
  await expect(line(URL)).toHaveCount(0);
  await expect(title).toBeFocused();
  expect((await clinic.ask("GET", "/webhooks")).items).toEqual([]);
});

test("what somebody else has deleted in the meantime is told in words", async ({ page, clinic, signIn }) => {
  const { id } = await clinic.ask("POST", "/webhooks", { url: URL });
  await signIn("administrator", "/#/webhooks");
  const { line, dialog, alert } = parts(page);
  await line(URL).getByRole("button", { name: "Pause" }).click();
  await clinic.ask("DELETE", `/webhooks/${id}`);
  await dialog.getByRole("button", { name: "Pause" }).click();
  await expect(alert).toHaveText("It is not there any more.");
  await page.keyboard.press("Escape");
  await line(URL).getByRole("button", { name: "Change" }).click();
  await expect(line(URL).getByRole("alert")).toHaveText("It is not there any more.");
});

test("what could not be told is shown", async ({ page, clinic, signIn, look }) => {
  const { id } = await clinic.ask("POST", "/webhooks", { url: URL });
  await signIn("administrator", "/#/webhooks");
  const { line, dialog } = parts(page);
  const open = line(URL).getByRole("button", { name: "What it could not be told" });
  await open.press("Enter");
  await expect(dialog).toContainText("There is nothing that it could not be told.");
  await page.keyboard.press("Escape");
  await expect(open).toBeFocused();

  // The real service gives up after a day, for which no test waits.
  const [doctor] = await clinic.doctors();
  const event = { id, position: 7, type: "doctor.changed", at: "2030-01-05T08:00:00Z", doctorId: doctor.id };
  const failure = { id, event, failures: 11, error: "it answered 502", at: "2030-01-06T08:00:00Z" };
  await page.route(`**/api/v1/webhooks/${id}/failures*`, (route) => route.fulfill({ json: { items: [failure] } }));
  await open.press("Enter");
  await expect(dialog.getByRole("listitem")).toHaveText(
    "doctor changed: given up at 6 Jan 2030, 09:00, after 11 attempts. it answered 502",
  );
  await look();
});

test("more webhooks than are on a page come on demand", async ({ page, clinic, signIn }) => {
  for (let count = 0; count < 52; count += 1)
    await clinic.ask("POST", "/webhooks", { url: `${URL}/${count}`, events: ["closure.added"] });
  await signIn("administrator", "/#/webhooks");
  const { lines } = parts(page);
  await expect(lines).toHaveCount(50);
  await page.getByRole("button", { name: "Show more" }).press("Enter");
  await expect(lines).toHaveCount(52);
  await expect(lines.nth(50)).toBeFocused();
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("Webhooks werden gezeigt", async ({ page, clinic, signIn, look }) => {
    await clinic.ask("POST", "/webhooks", { url: URL, events: ["booking.created", "closure.added"] });
    await signIn("administrator", "/#/webhooks");
    const line = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: URL }) });
    await expect(line).toContainText("gebucht, Schließtag eingetragen");
    await line.getByRole("button", { name: "Löschen" }).click();
    await expect(page.getByRole("dialog")).toContainText(`${URL} wird dann nichts mehr gemeldet`);
    await look();
  });
});
