// @ts-check
import { expect, test } from "../src/test.js";
import { TUESDAY, book, doctorNamed, free, historyOf, newcomer, parts, typeNamed, visitsOf } from "../src/visits.js";

// What is looked at here has whole boards behind it, four times each.
test.slow();

/**
 * Writes a doctor and a time down by hand.
 *
 * @param {import("@playwright/test").Page} page
 * @param {string} doctor
 * @param {string} date
 * @param {string} time
 */
async function byHand(page, doctor, date, time) {
  const hand = page.getByRole("dialog").locator(".by-hand");
  await hand.getByLabel("Doctor").selectOption({ label: doctor });
  await hand.getByLabel("Date").fill(date);
  await hand.getByLabel("Time").fill(time);
  await hand.getByRole("button", { name: "Take this time" }).click();
}

test("the front desk books at a time that is no slot, sets aside just what stands in the way, and says why", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const patient = await newcomer(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { dialog, button, choose, alert, side } = parts(page);
  await page.getByRole("button", { name: "Book at another time …" }).click();
  await expect(dialog).toHaveAccessibleName("Book a visit");
  await expect(button("Book")).toBeDisabled();
  await button("Take this time").click();
  await expect(alert).toHaveText("Please choose a doctor.");
  await byHand(page, "Amelie Brandt · cardiology", "2030-01-12", "20:07");
  await expect(dialog).toHaveAccessibleName("Book with Amelie Brandt");
  await expect(dialog).toContainText("Saturday, 12 January 2030, 20:07");
  await expect(alert).toHaveText("The doctor does not work then.");
  await expect(dialog.getByRole("group", { name: "These rules would have to be set aside" })).toBeVisible();
  await expect(dialog.getByRole("group", { name: "These rules" }).getByRole("listitem")).toHaveText([
    "that the doctor does not work then, or is away",
  ]);
  await choose("Quellmalz");
  await button("Book all the same").click();
  await expect(alert).toHaveText("Please give a reason.");
  await expect(dialog.getByLabel("Why they are set aside")).toBeFocused();
  await dialog.getByLabel("Why they are set aside").fill("the doctor has agreed to come");
  await look("book-set-aside");
  await button("Book all the same").click();

  await expect(side).toContainText("Saturday, 12 January 2030, 20:07 – 20:37");
  await expect(side).toContainText("Outside the working hours");
  await expect(side.getByRole("listitem").first()).toContainText(
    "set aside: that the doctor does not work then, or is away",
  );
  await expect(side.getByRole("listitem").first()).toContainText("“the doctor has agreed to come”");
  const [booking] = await visitsOf(clinic, patient);
  expect(booking).toMatchObject({ start: "2030-01-12T20:07:00+01:00", outsideHours: true });
});

test("a rule that shows only when another is set aside is added to it", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Keller");
  const patient = await newcomer(clinic);
  const [there = ""] = await free(clinic, doctor);
  await book(clinic, doctor, patient, there);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { dialog, button, choose, alert, side } = parts(page);
  await page.getByRole("button", { name: "Book at another time …" }).click();
  // Who does not work on Tuesdays.
  await byHand(page, "Mehmet Aydin · dermatology", TUESDAY, there.slice(11, 16));
  await choose("Quellmalz");
  await dialog.getByLabel("Why they are set aside").fill("two at once");
  await button("Book all the same").click();
  await expect(alert).toHaveText("The patient has another visit at that time.");
  await expect(dialog.getByRole("group", { name: "These rules" }).getByRole("listitem")).toHaveText([
    "that the doctor does not work then, or is away",
    "that the patient has another visit then",
  ]);
  await expect(dialog.getByLabel("Why they are set aside")).toHaveValue("two at once");
  await button("Book all the same").click();
  await expect(side).toContainText("Mehmet Aydin");
  const visits = await visitsOf(clinic, patient);
  expect(visits).toHaveLength(2);
  const made = visits.find(({ doctorId }) => doctorId !== doctor.id);
  const [entry] = made ? await historyOf(clinic, made) : [];
  expect(entry).toMatchObject({ why: "two at once", after: { rulesSetAside: "outside-working-hours patient-busy" } });
});

test("a time that is too soon for a type can be booked from the board, for a reason", async ({ page, clinic, signIn }) => {
  const doctor = await clinic.ask("POST", "/doctors", {
    firstName: "Nils",
    lastName: "Holm",
    specialty: "physiotherapy",
    timeZone: "Europe/Berlin",
    workingHours: { monday: [{ start: "14:00", end: "17:00" }] },
  });
  const type = await typeNamed(clinic, "First visit");
  const patient = await newcomer(clinic);
  const soon = { start: "2030-01-07T14:00:00+01:00" };
  await signIn("front-desk", `/#/week?doctor=${doctor.id}&date=2030-01-07&type=${type.id}`);
  const { slot, dialog, button, choose, side } = parts(page);
  await slot(soon.start, "too soon", "7 January 2030").click();
  await expect(dialog).toHaveAccessibleName("Why this is not free");
  await expect(dialog).toContainText("It is not too soon to book: no");
  await button("Book all the same").click();
  await expect(dialog).toHaveAccessibleName("Book with Nils Holm");
  await expect(dialog.getByRole("group", { name: "These rules" }).getByRole("listitem")).toHaveText([
    "that such visits have to be booked earlier",
  ]);
  await choose("Quellmalz");
  await dialog.getByLabel("Why they are set aside").fill("an emergency");
  await button("Book all the same").click();
  await expect(side).toContainText("First visit");
  expect((await visitsOf(clinic, patient))[0]?.start).toBe(soon.start);
});

test("nothing sets aside that the doctor is taken", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const [start = ""] = await free(clinic, doctor);
  await book(clinic, doctor, await newcomer(clinic), start);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { dialog, button, alert } = parts(page);
  await page.getByRole("button", { name: "Book at another time …" }).click();
  await byHand(page, "Amelie Brandt · cardiology", TUESDAY, start.slice(11, 16));
  await expect(alert).toHaveText("Somebody else was quicker: this time is not free any more.");
  await expect(dialog.getByRole("group", { name: "These rules" })).toHaveCount(0);
  await expect(button("Book")).toBeDisabled();
});

test("of a time that comes twice it is asked which one, and one that is skipped is told", async ({
  page,
  clinic,
  signIn,
}) => {
  await newcomer(clinic);
  await signIn("administrator", `/#/day?date=${TUESDAY}`);
  const { dialog, button, alert } = parts(page);
  await page.getByRole("button", { name: "Book at another time …" }).click();
  await byHand(page, "Amelie Brandt · cardiology", "2030-03-31", "02:30");
  await expect(alert).toHaveText("The doctor’s clock skips this time on that day.");
  await byHand(page, "Amelie Brandt · cardiology", "2030-10-27", "02:30");
  await expect(dialog.getByText("The doctor’s clock shows this time twice on that day. Which one?")).toBeVisible();
  await expect(button("02:30 (UTC+02:00)")).toBeFocused();
  const asked = page.waitForRequest((request) => request.url().endsWith("/api/v1/holds"));
  await button("02:30 (UTC+01:00)").click();
  expect((await asked).postDataJSON().start).toBe("2030-10-27T02:30:00+01:00");
  await expect(dialog).toContainText("Sunday, 27 October 2030, 02:30 (UTC+01:00)");
  await expect(alert).toHaveText("The doctor does not work then.");
});

test("a time is written down on the doctor’s clock, wherever that hangs", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Snow");
  const patient = await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor, "2030-01-09");
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { dialog, button, choose, side } = parts(page);
  await page.getByRole("button", { name: "Book at another time …" }).click();
  await dialog.locator(".by-hand").getByLabel("Doctor").selectOption({ label: "Jon Snow · cardiology" });
  await expect(dialog).toContainText("On the doctor’s clock: America/New_York.");
  await byHand(page, "Jon Snow · cardiology", "2030-01-09", start.slice(11, 16));
  // It happens to be a free slot: then it is kept like any other.
  await expect(dialog).toContainText(/Kept for you/);
  await choose("Quellmalz");
  await button("Book").click();
  await expect(side).toContainText("On the doctor’s clock (America/New_York). On yours (Europe/Berlin):");
  expect((await visitsOf(clinic, patient))[0]?.start).toBe(start);
});

test("a visit is moved to a time that is no slot, for a reason", async ({ page, clinic, signIn, look }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor);
  const booking = await book(clinic, doctor, patient, start);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, alert, action, side } = parts(page);
  await slot(start, "booked", "Amelie Brandt").click();
  await action("Move …").click();
  await dialog.getByText("Another doctor or time, by hand").click();
  await byHand(page, "Amelie Brandt · cardiology", TUESDAY, "19:00");
  await expect(dialog).toContainText(/To\s*Tuesday, 8 January 2030, 19:00/);
  await dialog.getByLabel("Why it is moved").fill("works late");
  await button("Move").click();
  await expect(alert).toHaveText("The doctor does not work then.");
  await dialog.getByLabel("Why they are set aside").fill("has agreed to stay");
  await look();
  await button("Move all the same").click();
  await expect(side.getByRole("listitem").last()).toContainText(
    "set aside: that the doctor does not work then, or is away",
  );
  await expect(side.getByRole("listitem").last()).toContainText("“has agreed to stay”");
  await expect(side.getByRole("listitem").last()).toContainText("“works late”");
  expect((await visitsOf(clinic, patient))[0]).toMatchObject({ id: booking.id, start: "2030-01-08T19:00:00+01:00" });
});

test("a patient sets nothing aside", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor);
  await signIn("patient", `/#/day?date=${TUESDAY}`, { patientId: patient.id });
  const { slot, dialog, button } = parts(page);
  await expect(slot(start, "free", "Amelie Brandt")).toBeVisible();
  await expect(page.getByRole("button", { name: "Book at another time …" })).toHaveCount(0);
  // The patient is elsewhere at that time already.
  await book(clinic, await doctorNamed(clinic, "Aydin"), patient, start, {
    override: { rules: ["off-grid", "outside-working-hours"], reason: "a test" },
  });
  await slot(start, "free", "Amelie Brandt").click();
  await expect(dialog).toContainText(/Kept for you/);
  await expect(dialog.getByText("Another doctor or time, by hand")).toHaveCount(0);
  await button("Book").click();
  await expect(dialog.getByRole("alert").filter({ hasText: /./ })).toHaveText(
    "The patient has another visit at that time.",
  );
  await expect(dialog.getByRole("group", { name: "These rules" })).toHaveCount(0);
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("setting aside is in German", async ({ page, signIn, look }) => {
    await signIn("front-desk", `/#/day?date=${TUESDAY}`);
    const { dialog } = parts(page);
    await page.getByRole("button", { name: "Zu einer anderen Zeit buchen …" }).click();
    const hand = dialog.locator(".by-hand");
    await hand.getByLabel("Ärztin oder Arzt").selectOption({ label: "Amelie Brandt · cardiology" });
    await hand.getByLabel("Zeit").fill("19:05");
    await hand.getByRole("button", { name: "Diese Zeit nehmen" }).click();
    await expect(dialog.getByRole("group", { name: "Davon müsste abgesehen werden" }).getByRole("listitem")).toHaveText([
      "dass dann keine Sprechzeit ist",
    ]);
    await look();
  });
});
