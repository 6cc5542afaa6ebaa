// @ts-check
import { expect, test } from "../src/test.js";
import { TUESDAY, book, doctorNamed, newcomer, parts, visitsOf } from "../src/visits.js";

// What is looked at here has whole boards behind it, four times each.
test.slow();

/**
 * A doctor of our own who has one hour on Tuesday, which is taken.
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
    workingHours: { tuesday: [{ start: "09:00", end: "10:00" }] },
  });
  const first = await newcomer(clinic, { firstName: "Early" });
  const start = `${TUESDAY}T09:00:00+01:00`;
  const booking = await book(clinic, doctor, first, start);
  return { doctor, booking, start, patient: await newcomer(clinic) };
}

test("on a day that is full the desk puts somebody in line, who gets what becomes free", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const { doctor, booking, start, patient } = await given(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}&q=Holm`);
  const { dialog, button, choose, status, side } = parts(page);
  await expect(page.getByText("fully booked")).toBeVisible();
  await page.getByRole("button", { name: "Wait for a free time …" }).click();
  await expect(dialog.getByLabel("Waits for")).toHaveValue(`doctor ${doctor.id}`);
  await expect(dialog.getByLabel("From")).toHaveValue(TUESDAY);
  await choose("Nadia Quellmalz");
  await dialog.getByLabel("Until").fill("2030-01-01");
  await button("Wait in line").click();
  await expect(dialog.getByRole("alert").filter({ hasText: /./ })).toHaveText("The last date is before the first.");
  await expect(dialog.getByLabel("Until")).toBeFocused();
  await dialog.getByLabel("Until").fill("2030-01-14");
  await look();
  await button("Wait in line").click();
  await expect(status).toHaveText("In line now: as soon as something becomes free it shows on the waitlist.");

  await page.getByRole("link", { name: "Waitlist" }).click();
  const place = page.getByRole("listitem").filter({ hasText: "Nadia Quellmalz" });
  await expect(place).toContainText("Nils Holm · physiotherapy");
  await expect(place).toContainText("8 Jan 2030 to 14 Jan 2030");
  await expect(place).toContainText("waits since 7 Jan 2030, 10:15");
  // What becomes free is held for whoever waits, and that shows by itself.
  await clinic.ask("POST", `/bookings/${booking.id}/cancel`, { reason: "feels better" });
  await expect(place).toContainText(/a time is held until 7 Jan 2030, 10:\d\d/);
  await look("waitlist");

  // Whoever looks at it and closes it again does not take it from whoever waits.
  await place.getByRole("button", { name: "Book what is held" }).click();
  await expect(dialog).toHaveAccessibleName("Book with Nils Holm");
  await expect(dialog).toContainText(/Kept for you for\s+1\d:\d\d/);
  await expect(dialog.getByRole("radio", { name: /Nadia Quellmalz/ })).toBeChecked();
  await button("Close").click();
  await expect(place.getByRole("button", { name: "Book what is held" })).toBeFocused();
  await page.keyboard.press("Enter");
  await button("Book").click();
  await expect(side).toContainText("Nadia Quellmalz");
  await expect(page.getByText("Nobody waits.")).toBeVisible();
  expect((await visitsOf(clinic, patient))[0]).toMatchObject({ doctorId: doctor.id, start });
});

test("somebody is taken out of the line again", async ({ page, clinic, signIn }) => {
  const { doctor, patient } = await given(clinic);
  await clinic.ask("POST", "/waitlist", { patientId: patient.id, doctorId: doctor.id, from: TUESDAY, to: "2030-01-14" });
  await clinic.ask("POST", "/waitlist", { patientId: patient.id, specialty: "radiology", from: TUESDAY, to: "2030-02-14" });
  await signIn("front-desk", "/#/waitlist");
  const { dialog, button, status } = parts(page);
  const places = page.getByRole("listitem").filter({ hasText: "Nadia Quellmalz" });
  await expect(places).toHaveCount(2);
  await expect(places.last()).toContainText("any doctor, radiology");
  await places.last().getByRole("button", { name: "Take out of the line" }).click();
  await button("Stay in line").click();
  await expect(places).toHaveCount(2);
  await places.last().getByRole("button", { name: "Take out of the line" }).click();
  await button("Take out of the line").click();
  await expect(status).toHaveText("No longer in line.");
  await expect(places).toHaveCount(1);
  expect((await clinic.ask("GET", `/waitlist?patientId=${patient.id}`)).items).toHaveLength(1);
});

test("where the list has nothing free, a patient waits, sees only the own places, and books what is held", async ({
  page,
  clinic,
  signIn,
}) => {
  const { doctor, booking, start, patient } = await given(clinic);
  const other = await newcomer(clinic, { firstName: "Other" });
  await clinic.ask("POST", "/waitlist", { patientId: other.id, specialty: "radiology", from: TUESDAY, to: "2030-02-14" });
  // Nothing is free within two weeks.
  await book(clinic, doctor, other, "2030-01-15T09:00:00+01:00");
  await signIn("patient", `/#/list?date=${TUESDAY}&specialty=physiotherapy`, { patientId: patient.id });
  const { dialog, button, status, side } = parts(page);
  await expect(page.getByText("Nothing is free on these dates.")).toBeVisible();
  await page.getByRole("button", { name: "Wait for a free time …" }).click();
  await expect(dialog.getByLabel("Waits for")).toHaveValue("specialty physiotherapy");
  await expect(dialog.getByRole("searchbox")).toHaveCount(0);
  await dialog.getByLabel("Until").fill("2030-01-14");
  await button("Wait in line").click();
  await expect(status).toContainText("In line now");

  await page.getByRole("link", { name: "Waitlist" }).click();
  const places = page.locator(".waiting").getByRole("listitem");
  await expect(places).toHaveCount(1);
  await expect(places).toContainText("any doctor, physiotherapy");
  await clinic.ask("POST", `/bookings/${booking.id}/cancel`, { reason: "feels better" });
  await places.getByRole("button", { name: "Book what is held" }).click();
  await button("Book").click();
  await expect(side).toContainText("Nils Holm");
  expect((await visitsOf(clinic, patient))[0]).toMatchObject({ doctorId: doctor.id, start });
});

test("a doctor is not offered the waitlist, or patients", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  await signIn("doctor", "/", { doctorId: doctor.id });
  await expect(page.getByRole("link", { name: "Week", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Waitlist" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Patients" })).toHaveCount(0);
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("the waitlist is in German", async ({ page, clinic, signIn, look }) => {
    const { doctor, patient } = await given(clinic);
    await clinic.ask("POST", "/waitlist", { patientId: patient.id, doctorId: doctor.id, from: TUESDAY, to: "2030-01-14" });
    await signIn("front-desk", "/#/waitlist");
    await expect(page.getByRole("listitem").filter({ hasText: "Quellmalz" })).toContainText(
      "08.01.2030 bis 14.01.2030",
    );
    await look();
  });
});
