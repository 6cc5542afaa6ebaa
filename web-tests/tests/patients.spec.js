// @ts-check
import { expect, test } from "../src/test.js";
import { TUESDAY, book, doctorNamed, free, newcomer, parts, visitsOf } from "../src/visits.js";

// What is looked at here has whole boards behind it, four times each.
test.slow();

test("the front desk finds a patient, and sees the details and visits", async ({ page, clinic, signIn, look }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic, { phone: "+49 30 5550 999", email: "nadia@example.org", externalId: "MRN-7" });
  const [start = "", next = ""] = await free(clinic, doctor);
  await book(clinic, doctor, patient, start);
  const other = await book(clinic, doctor, patient, next);
  await clinic.ask("POST", `/bookings/${other.id}/cancel`, { reason: "feels better" });
  await signIn("front-desk");
  await page.getByRole("link", { name: "Patients" }).click();
  await expect(page.getByRole("heading", { name: "Patients" })).toBeFocused();
  await page.getByRole("searchbox", { name: "Find a patient" }).fill("quellm");
  await page.getByRole("link", { name: /^Nadia Quellmalz/ }).click();
  await expect(page.getByRole("heading", { name: "Nadia Quellmalz" })).toBeFocused();
  const record = page.getByRole("region", { name: "The patient" });
  for (const known of ["6 May 1984", "+49 30 5550 999", "nadia@example.org", "MRN-7"]) {
    await expect(record).toContainText(known);
  }
  await record.getByText("Earlier and cancelled").click();
  await expect(record.locator(".visits").last()).toContainText("cancelled");
  await look("patients");
  await record.getByRole("button", { name: /8 January 2030, 10:00/ }).click();
  await expect(parts(page).side).toContainText("Nadia Quellmalz");
  // That view has an address of its own.
  await page.reload();
  await expect(page.getByRole("heading", { name: "Nadia Quellmalz" })).toBeVisible();
  await expect(page.getByRole("searchbox", { name: "Find a patient" })).toHaveValue("quellm");
});

test("a patient is added, and what is wrong is told at its field", async ({ page, clinic, signIn, look }) => {
  await signIn("front-desk", "/#/patients");
  const { dialog, button, status } = parts(page);
  await page.getByRole("button", { name: "Add a patient" }).click();
  await expect(dialog.getByLabel("First name")).toBeFocused();
  await dialog.getByLabel("First name").fill("Ute");
  await dialog.getByLabel("Last name").fill("Zwickau");
  await dialog.getByLabel("E-mail").fill("ute");
  await button("Add a patient").click();
  await expect(dialog.getByLabel("E-mail")).toBeFocused();
  await expect(dialog.getByLabel("E-mail")).toHaveAccessibleDescription("This is no e-mail address.");
  await expect(dialog.getByLabel("First name")).toHaveValue("Ute");
  await look();
  await dialog.getByLabel("E-mail").fill("ute@example.org");
  await button("Add a patient").click();
  await expect(status).toHaveText("Ute Zwickau is added.");
  await expect(page.getByRole("heading", { name: "Ute Zwickau" })).toBeVisible();
  expect((await clinic.ask("GET", "/patients?q=Zwickau")).items).toMatchObject([{ email: "ute@example.org" }]);
});

test("details are changed, and what somebody else has changed meanwhile is not lost", async ({ page, clinic, signIn }) => {
  const patient = await newcomer(clinic, { phone: "+49 30 5550 999", email: "nadia@example.org" });
  await signIn("front-desk", `/#/patients?q=Quellmalz&id=${patient.id}`);
  const { dialog, button, alert, status } = parts(page);
  await page.getByRole("button", { name: "Change the details …" }).click();
  await dialog.getByLabel("Last name").fill("Quellmalz-Roth");
  await dialog.getByLabel("E-mail").fill("");
  await clinic.ask("PATCH", `/patients/${patient.id}`, { phone: "+49 30 5550 111" });
  await button("Save").click();
  await expect(alert).toHaveText(
    "Somebody else has changed it in the meantime. It now says: Nadia Quellmalz · born 6 May 1984 · +49 30 5550 111. " +
      "What you have typed is still here: save it again to keep it.",
  );
  await expect(dialog.getByLabel("Last name")).toHaveValue("Quellmalz-Roth");
  await expect(dialog.getByLabel("Telephone")).toHaveValue("+49 30 5550 111");
  await button("Save").click();
  await expect(status).toHaveText("The details are changed.");
  await expect(page.getByRole("heading", { name: "Nadia Quellmalz-Roth" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Change the details …" })).toBeFocused();
  expect(await clinic.ask("GET", `/patients/${patient.id}`)).toMatchObject({
    lastName: "Quellmalz-Roth",
    phone: "+49 30 5550 111",
    email: null,
  });
});

test("a visit is booked for a patient from the record", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const [start = ""] = await free(clinic, doctor);
  await signIn("front-desk", `/#/patients?q=Quellmalz&id=${patient.id}`);
  const { dialog, button, side } = parts(page);
  await page.getByRole("button", { name: "Book a visit" }).click();
  await expect(dialog.getByRole("radio", { name: /Nadia Quellmalz/ })).toBeChecked();
  const hand = dialog.locator(".by-hand");
  await hand.getByLabel("Doctor").selectOption({ label: "Amelie Brandt · cardiology" });
  await hand.getByLabel("Date").fill(TUESDAY);
  await hand.getByLabel("Time").fill(start.slice(11, 16));
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText(/Kept for you/);
  await button("Book").click();
  await expect(side).toContainText("Amelie Brandt");
  await expect(page.locator(".visits").first()).toContainText("Tuesday, 8 January 2030, 10:00");
  expect(await visitsOf(clinic, patient)).toHaveLength(1);
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("patients are in German", async ({ page, clinic, signIn, look }) => {
    const patient = await newcomer(clinic);
    await signIn("front-desk", `/#/patients?q=Quellmalz&id=${patient.id}`);
    await expect(page.getByRole("heading", { name: "Nadia Quellmalz" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Angaben ändern …" })).toBeVisible();
    await look();
  });
});
