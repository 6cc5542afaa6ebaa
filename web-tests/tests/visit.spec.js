// @ts-check
import { expect, test } from "../src/test.js";
import { TUESDAY, book, doctorNamed, free, historyOf, newcomer, parts, visitsOf } from "../src/visits.js";

// What is looked at here has whole boards behind it, four times each.
test.slow();

/** @param {import("../src/clinic.js").Clinic} clinic */
async function given(clinic) {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const [start = "", to = ""] = await free(clinic, doctor);
  const booking = await book(clinic, doctor, patient, start, { reason: "pain" });
  return { doctor, patient, booking, start, to };
}

test("a visit is cancelled for a reason, and brought back", async ({ page, clinic, signIn, look }) => {
  const { booking, start } = await given(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, side, action, status } = parts(page);
  await slot(start, "booked", "Amelie Brandt").click();
  await expect(side).toContainText("Nadia Quellmalz · born 6 May 1984");
  await action("Cancel …").click();
  const why = side.getByLabel("Why it is cancelled");
  await expect(why).toBeFocused();
  await action("Keep it").click();
  await expect(action("Cancel …")).toBeFocused();
  await action("Cancel …").click();
  await action("Cancel the visit").click();
  await expect(side.getByRole("alert")).toHaveText("Please give a reason.");
  await expect(why).toBeFocused();
  await why.fill("feels better");
  await page.keyboard.press("Enter");
  await expect(status).toHaveText("The visit is now: cancelled.");
  await expect(side.getByRole("heading", { name: "Visit" })).toBeFocused();
  await expect(side.getByRole("listitem").last()).toHaveText(/Cancelled, by you\s*“feels better”$/);
  await expect(slot(start, "free", "Amelie Brandt")).toBeVisible();
  await look();

  await action("Bring it back").click();
  await expect(status).toHaveText("The visit is now: booked.");
  await expect(slot(start, "booked", "Amelie Brandt")).toBeVisible();
  const entries = await historyOf(clinic, booking);
  expect(entries.map(({ what }) => what)).toEqual(["booking.created", "booking.cancelled", "booking.reinstated"]);
});

test("a visit whose slot somebody else has cannot be brought back, and that is told beside it", async ({
  page,
  clinic,
  signIn,
}) => {
  const { doctor, booking, start } = await given(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, side, action } = parts(page);
  await slot(start, "booked", "Amelie Brandt").click();
  await action("Cancel …").click();
  await side.getByLabel("Why it is cancelled").fill("is travelling");
  await action("Cancel the visit").click();
  await expect(action("Bring it back")).toBeVisible();
  await book(clinic, doctor, await newcomer(clinic, { firstName: "Quick" }), start);
  await action("Bring it back").click();
  await expect(side.getByRole("alert")).toHaveText("Somebody else was quicker: this time is not free any more.");
  expect((await clinic.ask("GET", `/bookings/${booking.id}`)).status).toBe("cancelled");
});

test("a patient arrives and is seen", async ({ page, clinic, signIn, look }) => {
  const { doctor, booking, start } = await given(clinic);
  await signIn("doctor", `/#/week?doctor=${doctor.id}&date=${TUESDAY}`, { doctorId: doctor.id });
  const { slot, side, action, status } = parts(page);
  await slot(start, "booked", "8 January 2030").click();
  await expect(side).toContainText("Nadia Quellmalz");
  // It is not over yet, and doctors do not cancel.
  await expect(action("Did not come")).toHaveCount(0);
  await expect(action("Cancel …")).toHaveCount(0);
  await action("Has arrived").click();
  await expect(status).toHaveText("The visit is now: arrived.");
  await expect(slot(start, "arrived", "8 January 2030")).toBeVisible();
  await action("Was seen").click();
  await expect(status).toHaveText("The visit is now: seen.");
  await expect(slot(start, "seen", "8 January 2030")).toBeVisible();
  const history = side.getByRole("list").last().getByRole("listitem");
  await expect(history).toHaveText([/Booked, by the staff$/, /Arrived, by you$/, /Seen, by you$/]);
  await look("visit");
  const entries = await historyOf(clinic, booking);
  expect(entries.map(({ what }) => what)).toEqual(["booking.created", "booking.arrived", "booking.fulfilled"]);
});

test("of a visit that has begun it can be said that nobody came", async ({ page, clinic, signIn }) => {
  const patient = await newcomer(clinic);
  // In some seconds, by the service's clock; the browser's stands still.
  const begins = Math.ceil(Date.parse(patient.createdAt) / 1000) * 1000 + 8000;
  const booking = await clinic.ask("POST", "/bookings", {
    doctorId: (await doctorNamed(clinic, "Nowak")).id,
    patientId: patient.id,
    start: new Date(begins).toISOString(),
    override: { rules: ["off-grid", "outside-working-hours"], reason: "an emergency" },
  });
  await signIn("front-desk", "/#/day?date=2030-01-07&q=Nowak");
  const { slot, side, action, status } = parts(page);
  await slot(booking.start, "outside hours", "Tomasz Nowak").click();
  await expect(side).toContainText("Outside the working hours: they have changed since, or were set aside.");
  await expect(side.getByRole("listitem")).toContainText(
    "set aside: that slots begin at other times; that the doctor does not work then, or is away",
  );
  await expect(side.getByRole("listitem")).toContainText("“an emergency”");
  await expect(action("Did not come")).toHaveCount(0);

  await page.clock.setFixedTime(begins + 1000);
  const now = async () => Date.parse((await page.request.get("/healthz")).headers().date ?? "");
  await expect.poll(now, { timeout: 15_000 }).toBeGreaterThan(begins);
  await action("Close").click();
  await slot(booking.start, "outside hours", "Tomasz Nowak").click();
  await action("Did not come").click();
  await expect(status).toHaveText("The visit is now: did not come.");
  expect((await visitsOf(clinic, patient))[0]?.status).toBe("no-show");
});

test("what somebody else has done meanwhile shows, and nothing is done unseen", async ({ page, clinic, signIn }) => {
  const { booking, start } = await given(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, side, action } = parts(page);
  await slot(start, "booked", "Amelie Brandt").click();
  await expect(action("Has arrived")).toBeVisible();
  // It happens at the very moment in which one acts.
  await page.route("**/arrive", async (route) => {
    await clinic.ask("POST", `/bookings/${booking.id}/cancel`, { reason: "has called" });
    await route.continue();
  });
  await action("Has arrived").click();
  await expect(side.getByRole("alert")).toHaveText(
    "Somebody else has changed it in the meantime. Please look at it again.",
  );
  await expect(side).toContainText("“has called”");
  await expect(action("Has arrived")).toHaveCount(0);
  await expect(side.getByRole("heading", { name: "Visit" })).toBeFocused();
});

test("a visit that is shown at the side follows what others do", async ({ page, clinic, signIn }) => {
  const { booking, start, to } = await given(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, side } = parts(page);
  await slot(start, "booked", "Amelie Brandt").click();
  await expect(side).toContainText("10:00 – 10:30");
  await clinic.ask("POST", `/bookings/${booking.id}/reschedule`, { start: to, reason: "the room is taken" });
  await expect(side.getByRole("listitem").last()).toHaveText(
    new RegExp(`Moved, by the staff\\s*from Tuesday, 8 January 2030, 10:00 to .*, ${to.slice(11, 16)}\\s*“the room is taken”$`),
  );
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("a visit and its history are in German", async ({ page, clinic, signIn, look }) => {
    const { booking, start } = await given(clinic);
    await clinic.ask("POST", `/bookings/${booking.id}/cancel`, { reason: "ist verreist" });
    await clinic.ask("POST", `/bookings/${booking.id}/reinstate`, {});
    await signIn("front-desk", `/#/day?date=${TUESDAY}`);
    const { slot, side } = parts(page);
    await slot(start, "belegt", "Amelie Brandt").click();
    await expect(side.getByRole("listitem")).toHaveText([
      /Gebucht, vom Personal$/,
      /Abgesagt, vom Personal\s*„ist verreist“$/,
      /Wiederhergestellt, vom Personal$/,
    ]);
    await look();
  });
});
