// @ts-check
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
const parts = (page) => ({
  title: page.getByRole("heading", { level: 2, name: "Types of visits" }),
  lines: page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { level: 3 }) }),
  line: (/** @type {string} */ name) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name, exact: true }) }),
  create: page.getByRole("button", { name: "New type of visit" }),
  status: page.getByRole("status").filter({ visible: true, hasText: /./ }),
  dialog: page.getByRole("dialog").last(),
  alert: page.getByRole("dialog").last().getByRole("alert").filter({ hasText: /./ }),
});

test("a type of visit is created by the keyboard, and its rules read as words", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  await signIn("administrator", "/#/visit-types");
  const { title, line, create, dialog, status } = parts(page);
  await expect(title).toBeVisible();
  await expect(line("First visit")).toContainText("Lasts 60 minutes.");
  await create.press("Enter");
  await expect(dialog.getByLabel("What it is called")).toBeFocused();
  await page.keyboard.type("Allergy course");
  await page.keyboard.press("Tab");
  await page.keyboard.type("90");
  await dialog.getByLabel("Minutes from one start to the next").fill("30");
  await dialog.getByLabel("Minutes busy before").fill("10");
  await dialog.getByLabel("Minutes busy after").fill("15");
  await dialog.getByLabel("Minutes to book it ahead, at least").fill("2880");
  await dialog.getByLabel("Days to book it ahead, at most").fill("60");
  await dialog.getByLabel("Patients at the same time").fill("12");
  await look();
  await page.keyboard.press("Enter");
  await expect(status).toHaveText("“Allergy course” can be booked now.");
  await expect(create).toBeFocused();
  await expect(line("Allergy course").getByRole("listitem")).toHaveText([
    "Lasts 90 minutes.",
    "Begins every 30 minutes.",
    "The doctor is busy before: 10 minutes.",
    "The doctor is busy after: 15 minutes.",
    "To be booked ahead, at least: 2 days.",
    "To be booked ahead, at most: 60 days.",
    "Up to 12 patients at the same time.",
  ]);
  await look("visit-types");
  const { items } = await clinic.ask("GET", "/visit-types");
  expect(items.find((/** @type {{ name: string }} */ { name }) => name === "Allergy course")).toMatchObject({
    minutes: 90,
    stepMinutes: 30,
    bufferBefore: 10,
    bufferAfter: 15,
    minNoticeMinutes: 2880,
    maxDaysAhead: 60,
    capacity: 12,
  });
});

test("what is left empty is as usual", async ({ page, clinic, signIn }) => {
  await signIn("administrator", "/#/visit-types");
  const { line, create, dialog } = parts(page);
  await create.click();
  await dialog.getByLabel("What it is called").fill("Short");
  await dialog.getByLabel("Minutes it lasts").fill("10");
  for (const name of ["Minutes busy before", "Minutes busy after", "Patients at the same time"]) {
    await dialog.getByLabel(name).fill("");
  }
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(line("Short")).toContainText("One patient at a time.");
  const { items } = await clinic.ask("GET", "/visit-types");
  expect(items.find((/** @type {{ name: string }} */ { name }) => name === "Short")).toMatchObject({
    stepMinutes: 10,
    bufferBefore: 0,
    bufferAfter: 0,
    maxDaysAhead: null,
    capacity: 1,
  });
});

test("all that is wrong with a type of visit is told at its field", async ({ page, signIn, look }) => {
  await signIn("administrator", "/#/visit-types");
  const { create, dialog, alert } = parts(page);
  await create.click();
  await dialog.getByLabel("Minutes it lasts").fill("2.5");
  await dialog.getByLabel("Minutes busy before").fill("481");
  await dialog.getByLabel("Minutes to book it ahead, at least").fill("600000");
  await dialog.getByLabel("Days to book it ahead, at most").fill("4000");
  await dialog.getByLabel("Patients at the same time").fill("0");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(alert).toContainText("Please look at the fields that are marked");
  await expect(dialog.getByLabel("What it is called")).toBeFocused();
  for (const [label, why] of /** @type {const} */ ([
    ["What it is called", /no name/],
    ["Minutes it lasts", /from 5 to 480/],
    ["Minutes busy before", /from 0 to 480/],
    ["Minutes to book it ahead, at least", /from 0 to 525600/],
    ["Days to book it ahead, at most", /from 0 to 3650/],
    ["Patients at the same time", /from 1 to 50/],
  ])) {
    await expect(dialog.getByLabel(label)).toHaveAccessibleDescription(why);
    await expect(dialog.getByLabel(label)).toHaveAttribute("aria-invalid", "true");
  }
  await expect(dialog.getByLabel("Minutes it lasts")).toHaveValue("2.5");
  await expect(dialog.getByLabel("Minutes busy after")).toHaveAttribute("aria-invalid", "false");
  await look();
});

test("a type of visit is changed, also when somebody else was quicker", async ({ page, clinic, signIn }) => {
  await signIn("administrator", "/#/visit-types");
  const { line, dialog, alert, status } = parts(page);
  const { items } = await clinic.ask("GET", "/visit-types");
  const type = items.find((/** @type {{ name: string }} */ { name }) => name === "First visit");
  await line("First visit").getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("Days to book it ahead, at most").fill("");
  await clinic.ask("PATCH", `/visit-types/${type.id}`, { minutes: 50, maxDaysAhead: 20 });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(alert).toContainText("Minutes it lasts: 50");
  await expect(alert).toContainText("Days to book it ahead, at most: 20");
  await expect(dialog.getByLabel("Minutes it lasts")).toHaveValue("50");
  await expect(dialog.getByLabel("Days to book it ahead, at most")).toHaveValue("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(status).toHaveText("“First visit” is changed. Visits that are booked keep what was agreed.");
  await expect(line("First visit")).toContainText("Can be booked any time ahead.");
  expect(await clinic.ask("GET", `/visit-types/${type.id}`)).toMatchObject({ minutes: 50, maxDaysAhead: null });
});

test("a type of visit is retired only after one has said so, and then stands apart", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  await signIn("administrator", "/#/visit-types");
  const { line, lines, dialog, status } = parts(page);
  const { items } = await clinic.ask("GET", "/visit-types");
  await expect(lines).toHaveCount(items.length);
  await line("Video call").getByRole("button", { name: "Retire" }).press("Enter");
  await expect(dialog).toContainText("cannot be taken back");
  await expect(dialog.getByRole("button", { name: "Leave it as it is" })).toBeFocused();
  await look();
  await page.keyboard.press("Enter");
  await expect(line("Video call").getByRole("button", { name: "Retire" })).toBeFocused();
  const same = await clinic.ask("GET", "/visit-types?retired=true");
  expect(same.items).toEqual([]);

  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Retire it" }).press("Enter");
  await expect(status).toHaveText("“Video call” is retired.");
  await expect(line("Video call")).toBeHidden();
  await page.getByText("Retired", { exact: true }).click();
  await expect(page.getByRole("group").filter({ has: line("Video call") })).toContainText(
    "Visits that were booked keep them.",
  );
  await expect(line("Video call").getByRole("button", { name: "Retire" })).toHaveCount(0);
});

test("more types than are on a page come on demand", async ({ page, clinic, signIn }) => {
  const { items } = await clinic.ask("GET", "/visit-types");
  for (let count = items.length; count < 52; count += 1) {
    await clinic.ask("POST", "/visit-types", { name: `Ward round ${count}`, minutes: 5 });
  }
  await signIn("administrator", "/#/visit-types");
  const { lines } = parts(page);
  await expect(lines).toHaveCount(50);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(lines).toHaveCount(52);
});

for (const role of /** @type {const} */ (["front-desk", "doctor"])) {
  test(`for ${role} types of visits are there to be read only`, async ({ page, signIn }) => {
    await signIn(role, "/#/visit-types");
    const { line, create } = parts(page);
    await expect(line("First visit")).toContainText("Lasts 60 minutes.");
    await expect(create).toHaveCount(0);
    await expect(page.getByRole("button", { name: /^(Change|Retire)/ })).toHaveCount(0);
    // What is only an administrator's is not offered, nor is there anything at its address.
    await expect(page.getByRole("navigation", { name: "Parts of the administration" }).getByRole("link")).toHaveText([
      "Doctors",
      "Types of visits",
    ]);
    for (const part of ["tokens", "webhooks", "audit"]) {
      await page.evaluate((part) => (location.hash = `#/${part}`), part);
      await expect(page.getByRole("grid").first()).toBeVisible();
      await expect(page.getByRole("navigation", { name: "Parts of the administration" })).toHaveCount(0);
      await page.evaluate(() => (location.hash = "#/visit-types"));
      await expect(line("First visit")).toBeVisible();
    }
  });
}

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("Terminarten lesen sich in Worten", async ({ page, signIn, look }) => {
    await signIn("administrator", "/#/visit-types");
    await expect(page.getByRole("heading", { level: 2 })).toHaveText("Terminarten");
    const line = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "First visit" }) });
    await expect(line).toContainText("Vorlauf mindestens: 1 Tag.");
    await expect(line).toContainText("Im Voraus höchstens: 180 Tage.");
    await look();
  });
});
