// @ts-check
import { seen } from "../src/hours.js";
import { expect, test } from "../src/test.js";

/** @typedef {import("@playwright/test").Page} Page */

// To look at what is shown takes a while where others work on the same machine.
test.slow();

/** @param {Page} page */
const views = (page) => ({
  ...seen(page),
  date: page.getByLabel("Date", { exact: true }),
  name: page.getByLabel("What it is called"),
  enter: page.getByRole("button", { name: "Enter a closure" }),
  entries: page.locator(".entries > li"),
});

// That of the demo clinic would stand among those of the tests.
test.beforeEach(async ({ clinic }) => {
  const { items } = await clinic.ask("GET", "/closures");
  for (const { id } of items) await clinic.ask("DELETE", `/closures/${id}`);
});

test("administrators close the hospital, whose visits are shown first with their doctors, and open it again", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const body = { date: "2030-01-08", name: "Moving" };
  const { affectedBookings } = await clinic.ask("POST", "/closures?dryRun=true", body);
  expect(affectedBookings.length).toBeGreaterThan(5);
  await clinic.ask("POST", "/closures", { date: "2030-12-25", name: "Christmas Day" });
  await signIn("administrator", "/#/closures");
  const { title, date, name, enter, dialog, told, button, entries } = views(page);
  await expect(title).toHaveText("Closures of the whole hospital");
  await expect(entries).toHaveText([/Wednesday, 25 December 2030.*Christmas Day/]);
  await look("closures");

  await date.fill(body.date);
  await name.fill(body.name);
  await enter.click();
  await expect(dialog).toContainText("Close the whole hospital on Tuesday, 8 January 2030?");
  await expect(dialog).toContainText(`${affectedBookings.length} visits would be left outside the hours.`);
  const { firstName, lastName } = await clinic.ask("GET", `/doctors/${affectedBookings[0].doctorId}`);
  await expect(dialog.getByRole("listitem").first()).toContainText(`${firstName} ${lastName}`);
  await look();
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(entries).toHaveCount(1);
  await expect(name).toHaveValue("Moving");

  await enter.click();
  await dialog.getByRole("button", { name: "Save, and keep them" }).click();
  await expect(told).toHaveText(
    `The hospital is closed on Tuesday, 8 January 2030. ${affectedBookings.length} visits stay, marked as outside the hours.`,
  );
  await expect(entries).toHaveCount(2);
  await expect(date).toBeFocused();
  await page.goto("/#/day?date=2030-01-08");
  await expect(page.getByRole("columnheader").filter({ hasText: "hospital closed" }).first()).toBeVisible();

  await page.goto("/#/closures");
  await button("Remove Tuesday, 8 January 2030, Moving").click();
  await expect(dialog).toContainText("Open the hospital after all: Moving, Tuesday, 8 January 2030?");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(told).toHaveText("The closure is removed.");
  await expect(entries).toHaveCount(1);
  expect(await clinic.ask("GET", `/bookings/${affectedBookings[0].id}`)).toMatchObject({ outsideHours: false });
});

test("what is missing is told at its place", async ({ page, signIn, look }) => {
  await signIn("administrator", "/#/closures");
  const { date, name, enter } = views(page);
  await enter.click();
  await expect(date).toBeFocused();
  await expect(date).toHaveAccessibleDescription("Please give a date.");
  await expect(name).toHaveAccessibleDescription("Please say what it is called.");
  await look();
  await date.fill("2030-05-01");
  await enter.click();
  await expect(name).toBeFocused();
  await expect(date).toHaveAccessibleDescription("");
});

test("everybody else only sees closures, at once when one is entered", async ({ page, clinic, signIn, look }) => {
  await signIn("front-desk", "/#/day");
  await page.getByRole("link", { name: "Hours", exact: true }).click();
  await page.getByRole("link", { name: "Closures" }).click();
  const { title, enter, entries } = views(page);
  await expect(title).toBeFocused();
  await expect(page.getByText("There is none.")).toBeVisible();
  await expect(enter).toHaveCount(0);
  await clinic.ask("POST", "/closures", { date: "2030-05-01", name: "May Day" });
  await expect(entries).toHaveText([/Wednesday, 1 May 2030.*May Day/]);
  await expect(page.getByRole("button", { name: /Remove/ })).toHaveCount(0);
  await look();
});

test("patients can read when the hospital is closed", async ({ page, clinic, signIn }) => {
  await clinic.ask("POST", "/closures", { date: "2030-05-01", name: "May Day" });
  await signIn("patient", "/#/closures");
  const { entries } = views(page);
  await expect(entries).toHaveText([/Wednesday, 1 May 2030.*May Day/]);
  await expect(page.getByRole("link", { name: "Working hours" })).toHaveCount(0);
});
