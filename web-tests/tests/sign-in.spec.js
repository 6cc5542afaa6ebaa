// @ts-check
import { register } from "../src/doctors.js";
import { ROLES, expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
const views = (page) => ({
  signedIn: page.getByRole("region", { name: "You are signed in" }),
  title: page.locator("#view").getByRole("heading", { level: 2 }),
  signedOut: page.getByRole("heading", { name: "Sign in" }),
  field: page.getByLabel("Token"),
  signIn: page.locator("form").getByRole("button", { name: "Sign in" }),
  signOut: page.getByRole("button", { name: "Sign out" }),
  error: page.getByRole("alert").filter({ visible: true, hasText: /./ }),
  told: (/** @type {string} */ name) =>
    page.getByRole("region", { name: "You are signed in" }).getByRole("definition").nth(["Role", "Token", "Until"].indexOf(name)),
  status: page.locator("#status"),
});

/**
 * Everything that a script could find of a token: storages, cookies, addresses, what is on the page.
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
      [...document.querySelectorAll("input")].map((input) => input.value),
    ]),
  );

test("a link signs in, and leaves its token nowhere", async ({ page, clinic, context, look }) => {
  const { token } = await clinic.token("administrator", { name: "Ada's laptop" });
  await page.goto(`/#token=${token}`);
  const { signedIn, title, told, status } = views(page);
  await expect(title).toBeFocused();
  await expect(title).toHaveText("Monday, 7 January 2030");
  await expect(status).toHaveText("You are signed in: Administrator.");
  await expect(told("Role")).toHaveText("Administrator");
  await expect(told("Token")).toHaveText("Ada's laptop");
  await expect(told("Until")).toHaveText("7 Jan 2030, 22:15");

  await expect(page).toHaveURL(`${clinic.url}/`);
  expect(await page.evaluate(() => history.length)).toBe(2); // an empty tab, and the page
  expect(await whatScriptsFind(page)).not.toContain(token.slice(4));
  const cookies = await context.cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
  // Nor is the session's own secret for scripts.
  expect(await whatScriptsFind(page)).not.toContain(cookies[0]?.value);
  await page.reload();
  await expect(signedIn).toBeVisible();
});

test("the history of the browser does not have the token", async ({ page, clinic }) => {
  const { token } = await clinic.token("administrator");
  await page.goto("/problems/not-found");
  await page.goto(`/#token=${token}`);
  await expect(views(page).signedIn).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/problems\//);
  await page.goForward();
  await expect(page).toHaveURL(`${clinic.url}/`);
  await expect(views(page).signedIn).toBeVisible();
});

test("a link works in a page that is open already", async ({ page, clinic }) => {
  await page.goto("/");
  const { title, signedOut } = views(page);
  await expect(signedOut).toBeVisible();
  const { token } = await clinic.token("front-desk");
  await page.evaluate((token) => (location.hash = `token=${token}`), token);
  await expect(title).toBeFocused();
  await expect(page).toHaveURL(`${clinic.url}/`);
});

test("after signing in, the view that the address names is shown", async ({ page, clinic }) => {
  await page.goto("/#/list?date=2030-01-09");
  const { title, signedOut, field } = views(page);
  await expect(signedOut).toBeVisible();
  const { token } = await clinic.token("front-desk");
  await field.fill(token);
  await page.keyboard.press("Enter");
  await expect(title).toHaveText("Free from 9 Jan 2030 to 22 Jan 2030");
});

test("whoever is signed in stays so when a link does not work", async ({ page, signIn }) => {
  await signIn("front-desk");
  const { signedIn, error, told } = views(page);
  await expect(signedIn).toBeVisible();
  await page.evaluate(() => (location.hash = "token=dbk_no"));
  await expect(error).toContainText("not known");
  await expect(told("Role")).toHaveText("Front desk");
});

test("the form signs in", async ({ page, clinic, look }) => {
  await page.goto("/");
  const { title, signedOut, field, signIn, told } = views(page);
  await expect(signedOut).toBeVisible();
  await look("sign-in");

  const { token } = await clinic.token("front-desk");
  await field.fill(`  ${token} `);
  await signIn.click();
  await expect(title).toBeFocused();
  await expect(told("Role")).toHaveText("Front desk");
  expect(await whatScriptsFind(page)).not.toContain(token.slice(4));
});

test("a token that is wrong, or none, is told, and the field is there to mend it", async ({ page, look }) => {
  await page.goto("/");
  const { signedIn, field, signIn, error } = views(page);
  await signIn.click();
  await expect(error).toHaveText("Please enter a token.");
  await expect(field).toBeFocused();

  await field.fill("dbk_wrong");
  await signIn.click();
  await expect(error).toHaveText("This token is not known here. It may have expired, or have been revoked.");
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(/not known here/);
  expect(await page.evaluate(() => getSelection()?.toString().length)).toBe("dbk_wrong".length);
  await expect(signedIn).toBeHidden();
  await look();
});

test("signing out ends the session, wherever its cookie is", async ({ page, signIn, context, look }) => {
  await signIn("administrator");
  const { signedOut, title, field, signOut, status } = views(page);
  await expect(title).toBeVisible();
  const cookies = await context.cookies();
  await signOut.click();
  await expect(status).toHaveText("You are signed out.");
  await expect(signedOut).toBeVisible();
  await expect(title).toHaveCount(0);
  await expect(field).toBeFocused();
  expect(await context.cookies()).toEqual([]);
  await look();

  await context.addCookies(cookies);
  await page.reload();
  await expect(signedOut).toBeVisible();
});

test("a session ends with its token, and the page notices by itself", async ({ page, clinic, signIn }) => {
  const { id } = await signIn("front-desk", "/#/day");
  const { signedOut, title, field, error } = views(page);
  await expect(page.getByRole("grid")).toBeVisible();
  await expect(page.locator(".board")).not.toHaveAttribute("aria-busy");
  await clinic.ask("DELETE", `/tokens/${id}`);
  // At the next thing that happens.
  await register(clinic);
  await expect(signedOut).toBeVisible();
  await expect(error).toHaveText("Your session has come to an end. Please sign in again.");
  await expect(field).toBeFocused();
  // Nothing of what was shown is left.
  await expect(title).toHaveCount(0);
  await page.reload();
  await expect(signedOut).toBeVisible();
});

test("whoever signs out of a session that has ended has what he or she wanted", async ({ page, clinic, signIn }) => {
  // The page hears of nothing.
  await page.route("**/api/v1/events*", () => {});
  const { id } = await signIn("administrator", "/#/day");
  const { signedOut, signOut, status } = views(page);
  await expect(page.getByRole("grid")).toBeVisible();
  await expect(page.locator(".board")).not.toHaveAttribute("aria-busy");
  await clinic.ask("DELETE", `/tokens/${id}`);
  await signOut.click();
  await expect(signedOut).toBeVisible();
  await expect(status).toHaveText("You are signed out.");
});

for (const role of ROLES) {
  test(`a token of role ${role} signs in as one`, async ({ page, signIn }) => {
    await signIn(role);
    const names = { administrator: "Administrator", "front-desk": "Front desk", doctor: "Doctor", patient: "Patient" };
    await expect(views(page).told("Role")).toHaveText(names[role]);
  });
}

test("the keyboard is enough", async ({ page, clinic }) => {
  await page.goto("/");
  const { title, signedOut, field, signIn, signOut } = views(page);
  await expect(signedOut).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(field).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(signIn).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Browse the API" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");

  const { token } = await clinic.token("front-desk");
  await page.keyboard.insertText(token);
  await page.keyboard.press("Enter");
  await expect(title).toBeFocused();
  // What is above it comes before it.
  for (let left = 30; left > 0 && !(await signOut.evaluate((it) => it === document.activeElement)); left -= 1) {
    await page.keyboard.press("Shift+Tab");
  }
  await expect(signOut).toBeFocused();
  await page.keyboard.press("Space");
  await expect(field).toBeFocused();
});

test("when the service cannot be reached, that is told, and it can be tried again", async ({ page, clinic, guard, context }) => {
  guard.expect(/ERR_INTERNET_DISCONNECTED/);
  await page.goto("/");
  const { signedIn, field, signIn, error } = views(page);
  const { token } = await clinic.token("front-desk");
  await field.fill(token);
  await context.setOffline(true);
  await signIn.click();
  await expect(error).toHaveText("The service cannot be reached. Please see to the connection and try again.");
  await context.setOffline(false);
  await signIn.click();
  await expect(signedIn).toBeVisible();
});

test.describe("in German", () => {
  test.use({ locale: "de-AT" });

  test("everything is in German", async ({ page, clinic, look }) => {
    await page.goto("/");
    await expect(page).toHaveTitle("Arzttermine");
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await page.getByRole("button", { name: "Anmelden" }).click();
    await expect(page.getByRole("alert").filter({ visible: true })).toHaveText("Bitte geben Sie ein Token ein.");
    await look();

    const { token } = await clinic.token("doctor");
    await page.getByLabel("Token").fill(token);
    await page.keyboard.press("Enter");
    await expect(views(page).title).toBeFocused();
    await expect(views(page).status).toHaveText("Sie sind angemeldet: Ärztin oder Arzt.");
    const me = page.getByRole("region", { name: "Sie sind angemeldet" });
    await expect(me.getByRole("definition").first()).toHaveText("Ärztin oder Arzt");
    await expect(me.getByRole("definition").last()).toHaveText("07.01.2030, 22:15");
    await look();
  });
});

test.describe("in a language that is not there", () => {
  test.use({ locale: "fr-FR" });

  test("everything is in English", async ({ page }) => {
    await page.goto("/");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(views(page).signedOut).toBeVisible();
  });
});
