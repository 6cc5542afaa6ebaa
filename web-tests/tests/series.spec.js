// @ts-check
import { expect, test } from "../src/test.js";
import { TUESDAY, book, doctorNamed, free, newcomer, parts, visitsOf } from "../src/visits.js";

// What is looked at here has whole boards behind it, four times each.
test.slow();

/**
 * A doctor of our own, who works on Tuesdays and has no other visits.
 *
 * @param {import("../src/clinic.js").Clinic} clinic
 */
async function given(clinic) {
  const doctor = await clinic.ask("POST", "/doctors", {
    firstName: "Nils",
    lastName: "Holm",
    specialty: "physiotherapy",
    timeZone: "Europe/Berlin",
    slotMinutes: 60,
    workingHours: { tuesday: [{ start: "09:00", end: "12:00" }] },
  });
  const patient = await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor);
  return { doctor, patient, start };
}

test("a visit repeats every week, and what cannot be had is left out or keeps all from being booked", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const { doctor, patient, start } = await given(clinic);
  const other = await newcomer(clinic, { firstName: "Quick" });
  await book(clinic, doctor, other, "2030-01-22T09:00:00+01:00");
  await clinic.ask("POST", "/closures", { date: "2030-01-29", name: "moving house" });
  await signIn("front-desk", `/#/day?date=${TUESDAY}&q=Holm`);
  const { slot, dialog, button, choose, alert, side } = parts(page);
  await slot(start, "free", "Nils Holm").click();
  await expect(dialog).toContainText(/Kept for you/);
  await choose("Nadia Quellmalz");
  await expect(dialog.getByLabel("How many visits")).toBeHidden();
  await dialog.getByLabel("Repeat").selectOption({ label: "Every week" });
  await dialog.getByLabel("How many visits").fill("53");
  await button("Book").click();
  await expect(alert).toHaveText("Please choose a number from 2 to 52.");
  await expect(dialog.getByLabel("How many visits")).toBeFocused();
  await dialog.getByLabel("How many visits").fill("5");
  await button("Book").click();

  await expect(dialog).toContainText("No visit was booked. These cannot be had:");
  await expect(dialog.locator(".alternatives").getByRole("listitem")).toHaveText([
    "Tuesday, 22 January 2030, 09:00 – This time is taken.",
    "Tuesday, 29 January 2030, 09:00 – The doctor does not work then.",
  ]);
  expect(await visitsOf(clinic, patient)).toHaveLength(0);
  await look();

  await dialog.getByLabel("If one of them cannot be had").selectOption({ label: "Book the others" });
  await button("Book").click();
  await expect(dialog).toHaveAccessibleName("Visits with Nils Holm");
  await expect(dialog).toContainText("Booked: 3");
  await expect(dialog).toContainText("Left out: 2");
  await expect(dialog.getByRole("list").first().getByRole("listitem")).toHaveText([
    "Tuesday, 8 January 2030, 09:00",
    "Tuesday, 15 January 2030, 09:00",
    "Tuesday, 5 February 2030, 09:00",
  ]);
  await expect(dialog.getByRole("list").last().getByRole("listitem")).toHaveText([
    "Tuesday, 22 January 2030, 09:00 – This time is taken.",
    "Tuesday, 29 January 2030, 09:00 – The doctor does not work then.",
  ]);
  await look("series");
  await button("Done").click();
  await expect(dialog).toHaveCount(0);
  expect(await visitsOf(clinic, patient)).toHaveLength(3);
  await slot(start, "booked", "Nils Holm").click();
  await expect(side).toContainText("Belongs to a series.");
});

test("what was kept for the first of a series is kept again where the series is refused", async ({
  page,
  clinic,
  signIn,
}) => {
  const { doctor, start } = await given(clinic);
  await book(clinic, doctor, await newcomer(clinic, { firstName: "Quick" }), "2030-01-15T09:00:00+01:00");
  await signIn("front-desk", `/#/day?date=${TUESDAY}&q=Holm`);
  const { slot, dialog, button, choose } = parts(page);
  await slot(start, "free", "Nils Holm").click();
  await expect(dialog).toContainText(/Kept for you/);
  await choose("Nadia Quellmalz");
  await dialog.getByLabel("Repeat").selectOption({ label: "Every week" });
  await button("Book").click();
  await expect(dialog).toContainText("No visit was booked.");
  await expect(dialog).toContainText(/Kept for you/);
  expect(await free(clinic, doctor)).not.toContain(start);
});

test("a month that does not have the day is passed over, and that is told", async ({ page, clinic, signIn }) => {
  const doctor = await clinic.ask("POST", "/doctors", {
    firstName: "Nils",
    lastName: "Holm",
    specialty: "physiotherapy",
    timeZone: "Europe/Berlin",
    slotMinutes: 60,
    workingHours: { thursday: [{ start: "09:00", end: "12:00" }], sunday: [{ start: "09:00", end: "12:00" }] },
  });
  await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor, "2030-01-31");
  await signIn("front-desk", "/#/day?date=2030-01-31&q=Holm");
  const { slot, dialog, button, choose } = parts(page);
  await slot(start, "free", "Nils Holm").click();
  await choose("Quellmalz");
  await dialog.getByLabel("Repeat").selectOption({ label: "Every month" });
  await dialog.getByLabel("How many visits").fill("2");
  await dialog.getByLabel("If one of them cannot be had").selectOption({ label: "Book the others" });
  await button("Book").click();
  await expect(dialog.getByRole("list").last()).toContainText("February 2030 – That month does not have the day.");
  await expect(dialog).toContainText("Booked: 2");
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("a series is in German", async ({ page, clinic, signIn, look }) => {
    const { start } = await given(clinic);
    await signIn("front-desk", `/#/day?date=${TUESDAY}&q=Holm`);
    const { dialog, button } = parts(page);
    await page.getByRole("button", { name: new RegExp(`^${start.slice(11, 16)} frei`) }).click();
    await dialog.getByRole("searchbox").fill("Quellmalz");
    await dialog.getByRole("radio", { name: /Quellmalz/ }).check();
    await dialog.getByLabel("Wiederholen").selectOption({ label: "Alle zwei Wochen" });
    await button("Buchen").click();
    await expect(dialog).toContainText("Gebucht: 6");
    await look();
  });
});
