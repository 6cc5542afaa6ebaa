// @ts-check
//
// Where anybody may see what is free: whoever is not signed in, and what they do not see.

import { NOW } from "../src/surroundings.js";
import { book, daily, register } from "../src/doctors.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
const views = (page) => ({
  title: page.locator("#view").getByRole("heading", { level: 2 }),
  toSignIn: page.getByRole("banner").getByRole("button", { name: "Sign in" }),
  form: page.getByRole("region", { name: "Sign in" }),
  field: page.getByLabel("Token"),
  menu: page.getByRole("navigation", { name: "Views" }),
  slot: (/** @type {string | RegExp} */ name) => page.locator("#view").getByRole("button", { name }),
});

test.describe("with --public-availability", () => {
  test.use({ serveOptions: ["--public-availability"] });

  test("whoever is not signed in sees what is free, and nothing else", async ({ page, clinic, look }) => {
    const doctor = (await clinic.doctors()).find(({ lastName }) => lastName === "Brandt");
    /** @type {string[]} */
    const asked = [];
    /** @type {Promise<string>[]} */
    const bodies = [];
    page.on("response", (answer) => {
      const { pathname } = new URL(answer.url());
      if (!pathname.startsWith("/api/")) return;
      asked.push(`${answer.status()} ${pathname}`);
      bodies.push(answer.text());
    });
    await page.goto("/");
    const { title, toSignIn, form, menu, slot } = views(page);
    await expect(title).toHaveText("Monday, 7 January 2030");
    await expect(form).toBeHidden();
    await expect(toSignIn).toBeVisible();
    await expect(page.getByRole("region", { name: "You are signed in" })).toBeHidden();
    await expect(menu.getByRole("link")).toHaveText(["Day", "Week", "Month", "Free times"]);
    await expect(page.getByLabel("Type of visit")).toHaveCount(0);
    await expect(slot("11:00 free until 11:30, Amelie Brandt")).toBeVisible();
    await expect(slot(/booked|held|seen|past/)).toHaveCount(0);
    await expect(page.getByText("Day sheet")).toHaveCount(0);
    await expect(page.getByRole("list", { name: "What the signs mean" }).getByRole("listitem")).toHaveText(["+free"]);
    await look("public");

    await page.goto(`/#/week?doctor=${doctor?.id}`);
    await expect(title).toHaveText("Amelie Brandt, 7 Jan 2030 – 13 Jan 2030");
    await expect(slot("11:00 free until 11:30, Monday, 7 January 2030")).toBeVisible();
    await page.goto(`/#/month?doctor=${doctor?.id}`);
    await expect(page.getByRole("gridcell", { name: "Tuesday, 8 January 2030" })).toContainText("5 free");
    await expect(page.getByRole("grid")).not.toContainText("booked");
    await page.goto("/#/list");
    await expect(slot(/^11:00 free until 11:30, Amelie Brandt$/).first()).toBeVisible();
    // What is not for everybody is not there, whatever the address says.
    for (const place of ["mine", "sheet"]) {
      await page.goto(`/#/${place}`);
      await expect(title).toHaveText("Monday, 7 January 2030");
    }

    // Nothing was asked that would have been refused, and nothing told but what is free.
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((one) => !one.startsWith("200 "))).toEqual([]);
    expect(asked.filter((one) => !/\/(me|board|doctors|doctors\/[^/]+\/availability(\/summary)?|availability)$/.test(one))).toEqual([]);
    const told = (await Promise.all(bodies)).join("\n");
    expect(told).toContain(doctor?.id);
    for (const word of ['"patientId":"', '"status":"booked"', '"status":"held"', '"workingHours":{']) expect(told).not.toContain(word);
  });

  test("next free, and the filters, are for everybody", async ({ page, clinic }) => {
    await register(clinic, { workingHours: { thursday: [{ start: "09:00", end: "10:00" }] } });
    await page.goto("/#/day?specialty=radiology");
    const { title, slot } = views(page);
    await expect(page.getByRole("columnheader")).toHaveCount(1);
    await page.getByRole("button", { name: "Next free" }).click();
    await expect(title).toHaveText("Thursday, 10 January 2030");
    await expect(slot(/^09:00 free/)).toBeFocused();
    await page.getByLabel("Specialty").selectOption("neurology");
    await expect(page.getByRole("columnheader", { name: "Oliver Whitcombe" })).toBeVisible();
    await expect(page.getByRole("columnheader")).toHaveCount(1);
  });

  test("a slot asks to sign in, and is there again afterwards", async ({ page, clinic, look }) => {
    await page.goto("/#/day?specialty=cardiology");
    const { form, field, slot, toSignIn } = views(page);
    const free = slot("11:00 free until 11:30, Amelie Brandt");
    await free.click();
    await expect(form).toContainText("Sign in to book Monday, 7 January 2030, 11:00 at Amelie Brandt.");
    await expect(field).toBeFocused();
    await look();

    // Or not now: by the button, or by Escape.
    await page.getByRole("button", { name: "Not now" }).click();
    await expect(form).toBeHidden();
    await expect(free).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(field).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(form).toBeHidden();
    await expect(free).toBeFocused();
    await page.keyboard.press("Enter");

    const { token } = await clinic.token("patient");
    await page.keyboard.insertText(token);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "You are signed in" })).toContainText("Patient");
    await expect(toSignIn).toBeHidden();
    await expect(form).toBeHidden();
    await expect(free).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toContainText("11:00");
  });

  test("a wrong token leaves the board where it is", async ({ page }) => {
    await page.goto("/");
    const { title, form, field, toSignIn } = views(page);
    await expect(title).toBeVisible();
    await toSignIn.click();
    await expect(field).toBeFocused();
    await page.keyboard.insertText("dbk_wrong");
    await page.keyboard.press("Enter");
    await expect(form.getByRole("alert")).toContainText("not known");
    await expect(page.getByRole("grid")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(toSignIn).toBeFocused();
    await toSignIn.click();
    await expect(field).toHaveValue("");
    await expect(form.getByRole("alert")).toBeEmpty();
  });

  test("a link with a token signs in, and one that does not work says so", async ({ page, clinic }) => {
    await page.goto("/#token=dbk_wrong");
    const { title, form } = views(page);
    await expect(form.getByRole("alert")).toContainText("not known");
    await expect(title).toHaveText("Monday, 7 January 2030");
    const { token } = await clinic.token("front-desk");
    await page.goto(`/#token=${token}`);
    await expect(page.getByRole("region", { name: "You are signed in" })).toContainText("Front desk");
    await expect(form).toBeHidden();
    await expect(page.getByRole("link", { name: "Day sheet" }).first()).toBeVisible();
  });

  test("whoever signs out sees what everybody sees", async ({ page, signIn }) => {
    await signIn("front-desk", "/#/day");
    const { toSignIn, slot } = views(page);
    await expect(slot(/booked/).first()).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.locator("#status")).toHaveText("You are signed out.");
    await expect(toSignIn).toBeFocused();
    await expect(slot(/free/).first()).toBeVisible();
    await expect(slot(/booked/)).toHaveCount(0);
    await expect(page.getByText("Day sheet")).toHaveCount(0);
  });

  test("what is free is looked at again now and then, since nobody tells", async ({ page, clinic, context }) => {
    const doctor = await register(clinic, { workingHours: daily(["11:00", "13:00"]) });
    await context.clock.install({ time: NOW });
    await page.goto("/#/day?specialty=radiology&date=2030-01-08");
    const { slot } = views(page);
    await expect(slot(/^11:00 free/)).toBeVisible();
    await book(clinic, doctor, "2030-01-08T11:00:00+01:00");
    await context.clock.fastForward(61_000);
    await expect(slot(/^11:00 free/)).toHaveCount(0);
    await expect(slot(/^12:00 free/)).toBeVisible();
  });
});

test("without it, nobody sees anything before signing in", async ({ page }) => {
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) asked.push(pathname);
  });
  await page.goto("/#/day");
  const { form, menu, toSignIn } = views(page);
  await expect(form).toBeVisible();
  await expect(menu).toBeHidden();
  await expect(toSignIn).toBeHidden();
  await expect(page.getByRole("grid")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Not now" })).toBeHidden();
  expect(asked).toEqual(["/api/v1/me"]);
});
