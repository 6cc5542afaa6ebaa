// @ts-check
//
// A patient's own page; and that nothing of others ever comes to that browser.

import { expect, test } from "../src/test.js";
import { TUESDAY, book, doctorNamed, free, newcomer, parts, visitsOf } from "../src/visits.js";

// What is looked at here has whole boards behind it, four times each.
test.slow();

/**
 * Everything there is at the clinic, page by page.
 *
 * @param {import("../src/clinic.js").Clinic} clinic
 * @param {string} path
 */
async function all(clinic, path) {
  const items = [];
  for (let cursor = ""; ; ) {
    const page = await clinic.ask("GET", `${path}?limit=200${cursor && `&cursor=${cursor}`}`);
    items.push(...page.items);
    cursor = page.nextCursor ?? "";
    if (cursor === "") return items;
  }
}

test("a patient finds a doctor, books, moves and cancels, and learns nothing of anybody else", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  test.setTimeout(120_000);
  const patient = await newcomer(clinic);
  const doctor = await doctorNamed(clinic, "Brandt");
  // Others come and go meanwhile, and say why.
  const other = await newcomer(clinic, { firstName: "Sigurd", lastName: "Verschwiegen", phone: "+49 30 5550 888" });

  // Every answer that the browser gets is recorded, the stream of events as well: what a page fetches itself is the whole of it.
  /** @type {Map<string, string>} */
  const bodies = new Map();
  const reading = /** @type {Promise<void>[]} */ ([]);
  page.on("response", (answer) => {
    const type = answer.headers()["content-type"] ?? "";
    if (!new URL(answer.url()).pathname.startsWith("/api/") || type.startsWith("text/event-stream")) return;
    const number = bodies.size;
    const key = `${number} ${answer.request().method()} ${answer.url()}`;
    bodies.set(key, "");
    reading.push(
      answer.text().then(
        (text) => void bodies.set(key, text),
        // A request that the page itself has given up has no answer.
        () => void bodies.delete(key),
      ),
    );
  });
  // The browser shows a stream's body to nobody but the page: what comes is read where it arrives.
  await page.addInitScript(() => {
    const heard = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { heard });
    const add = EventSource.prototype.addEventListener;
    EventSource.prototype.addEventListener = function (/** @type {string} */ kind, /** @type {any} */ listener) {
      add.call(this, kind, (event) => {
        if (event instanceof MessageEvent) heard.push(`${kind} ${event.lastEventId} ${event.data}`);
        listener.call(this, event);
      });
    };
  });
  const signedInAs = await signIn("patient", "/", { patientId: patient.id });
  // A second stream, beside the browser's, shows all that is sent on it, also kinds for which the page does not listen.
  const stream = await follow(clinic.url, signedInAs.token);

  const { slot, dialog, button, side, action, status } = parts(page);
  await expect(page.getByRole("heading", { name: "My visits" })).toBeVisible();
  await expect(page.getByText("There are none.")).toBeVisible();
  await look();

  // A doctor by specialty, then by name.
  await page.getByRole("link", { name: "Find a time" }).click();
  await page.getByLabel("Specialty").selectOption({ label: "cardiology" });
  await expect(page.getByText("Amelie Brandt · cardiology").first()).toBeVisible();
  await expect(page.getByText("Sofia Lindqvist")).toHaveCount(0);
  await page.getByLabel("Doctor’s name").fill("brandt");
  await expect(page.getByText("Jonas Keller · cardiology")).toHaveCount(0);
  await look("mine-find");
  await page.getByLabel("Date").fill(TUESDAY);
  await expect(page.getByRole("heading", { level: 2 })).toHaveText("Free from 8 Jan 2030 to 21 Jan 2030");

  const [start = "", to = "", gone = ""] = await free(clinic, doctor);
  await slot(start, "free", "Amelie Brandt").first().click();
  await expect(dialog).toHaveAccessibleName("Book with Amelie Brandt");
  await expect(dialog).toContainText(/Kept for you for\s+5:00/);
  // Nobody else can be chosen.
  await expect(dialog.getByRole("searchbox")).toHaveCount(0);
  await dialog.getByLabel("Reason for the visit").fill("my own reason");
  await look();
  await button("Book").click();
  await expect(side).toContainText("my own reason");
  await expect(side).toContainText("Nadia Quellmalz");
  await expect(side.getByRole("listitem")).toHaveText([/Booked, by you$/]);

  // Others go on.
  const theirs = await book(clinic, doctor, other, gone, { reason: "theirs alone" });
  await clinic.ask("POST", `/bookings/${theirs.id}/cancel`, { reason: "a secret cancellation" });
  await clinic.ask("POST", `/doctors/${doctor.id}/time-off`, {
    start: "2030-02-04T00:00:00+01:00",
    end: "2030-02-08T00:00:00+01:00",
    reason: "a secret operation",
  });
  const someoneElse = await doctorNamed(clinic, "Keller");
  await clinic.ask("POST", "/waitlist", { patientId: other.id, doctorId: someoneElse.id, from: TUESDAY, to: "2030-01-20" });

  // Day, week and month show free time only.
  for (const view of ["Day", "Week", "Month"]) {
    await page.getByRole("link", { name: view, exact: true }).click();
    await expect(page.locator(".board .count").first()).toBeVisible();
    await expect(page.locator(".board .chip.booked, .board .chip.held, .board .chip.blocked")).toHaveCount(0);
  }
  await page.goto(`/#/week?doctor=${doctor.id}&date=2030-02-05`);
  await expect(page.locator(".board .why").first()).toBeVisible();

  // Moves, by the form.
  await page.getByRole("link", { name: "My visits" }).click();
  await page.getByRole("button", { name: /Tuesday, 8 January 2030, 10:00/ }).click();
  await expect(action("Has arrived")).toHaveCount(0);
  await look();
  await action("Move …").click();
  await expect(dialog.getByText("Another doctor or time, by hand")).toHaveCount(0);
  await dialog.getByRole("radio", { name: to.slice(11, 16) }).check();
  await button("Move").click();
  await expect(status).toHaveText(`Moved to Tuesday, 8 January 2030, ${to.slice(11, 16)}.`);
  await expect(page.getByRole("button", { name: new RegExp(`8 January 2030, ${to.slice(11, 16)}`) })).toBeVisible();

  // What the desk does to it shows by itself, without who did it.
  const [mine] = await visitsOf(clinic, patient);
  await clinic.ask("POST", `/bookings/${mine?.id}/reschedule`, { start, reason: "we need the room" });
  await expect(side.getByRole("listitem").last()).toContainText("Moved, by the staff");

  // Cancels.
  await action("Cancel …").click();
  await side.getByLabel("Why it is cancelled").fill("feels better");
  await action("Cancel the visit").click();
  await expect(status).toHaveText("The visit is now: cancelled.");
  await expect(action("Bring it back")).toHaveCount(0);
  await page.getByText("Earlier and cancelled").click();
  await expect(page.locator(".visit")).toContainText("cancelled");
  await look("mine");

  // The own details.
  await page.getByRole("button", { name: "Change my details …" }).click();
  await dialog.getByLabel("Telephone").fill("+49 30 5550 777");
  await button("Save").click();
  await expect(page.getByText("+49 30 5550 777")).toBeVisible();

  // Now for what came to the browser.
  await stream.heardOf("booking.cancelled");
  await Promise.all(reading);
  const heard = /** @type {string[]} */ (await page.evaluate(() => /** @type {any} */ (globalThis).heard));
  bodies.set("the events in the page", heard.join("\n"));
  bodies.set("the stream of events", stream.close());
  expect(bodies.size).toBeGreaterThan(25);
  expect([...bodies.values()].join("\n")).toContain("my own reason");
  expect(heard.join("\n")).toContain(patient.id);

  const secrets = await secretsOf(clinic, patient);
  expect(secrets.length).toBeGreaterThan(1000);
  const found = [...bodies].flatMap(([where, body]) =>
    secrets.filter(({ secret }) => body.includes(secret)).map(({ what, secret }) => `${where} tells ${what}: ${secret}`),
  );
  expect(found).toEqual([]);
  // The same search does find what an administrator is sent.
  const { items } = await clinic.ask("GET", "/patients?q=Verschwiegen");
  expect(secrets.filter(({ secret }) => JSON.stringify(items).includes(secret)).length).toBeGreaterThan(2);
});

/**
 * What a patient may not learn: who the others are, their visits, what they come for, and when doctors are away and why.
 *
 * @param {import("../src/clinic.js").Clinic} clinic
 * @param {import("../src/visits.js").Patient} patient
 */
async function secretsOf(clinic, patient) {
  /** @type {{ what: string, secret: string }[]} */
  const secrets = [];
  /** @type {(what: string, secret: string | null | undefined) => void} */
  const add = (what, secret) => {
    if (secret) secrets.push({ what, secret });
  };
  for (const one of await all(clinic, "/patients")) {
    if (one.id === patient.id) continue;
    add("a patient's id", one.id);
    // Quoted as a whole: a name may be a part of something else.
    add("a patient's name", `"${one.lastName}"`);
    add("a patient's email", one.email);
    add("a patient's telephone", one.phone);
  }
  const own = new Set((await visitsOf(clinic, patient)).map(({ id }) => id));
  for (const booking of await all(clinic, "/bookings")) {
    if (own.has(booking.id)) continue;
    add("a booking's id", booking.id);
    add("what somebody comes for", booking.reason && `"${booking.reason}"`);
    add("why somebody has cancelled", booking.cancelReason && booking.cancelReason !== "feels better" && `"${booking.cancelReason}"`);
  }
  for (const doctor of await clinic.doctors()) {
    add("a doctor's hours", JSON.stringify(doctor.workingHours));
    const { items } = await clinic.ask("GET", `/doctors/${doctor.id}/time-off`);
    for (const { id, reason } of items) {
      add("a time off", id);
      add("why a doctor is away", reason);
    }
  }
  for (const { id } of await all(clinic, "/waitlist")) add("a place in line", id);
  return secrets.filter(({ secret }) => secret.length > 4);
}

/**
 * Follows the events as a patient.
 *
 * @param {string} url
 * @param {string} token
 */
async function follow(url, token) {
  const aborted = new AbortController();
  const answer = await fetch(`${url}/api/v1/events`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: aborted.signal,
  });
  let text = "";
  const decoder = new TextDecoder();
  const read = (async () => {
    for await (const piece of /** @type {any} */ (answer.body)) text += decoder.decode(piece, { stream: true });
  })().catch(() => {});
  return {
    /** @param {string} kind */
    heardOf: (kind) => expect.poll(() => text).toContain(`event: ${kind}`),
    close() {
      aborted.abort();
      void read;
      return text;
    },
  };
}

test("a patient books by the keyboard alone, from the own page on", async ({ page, clinic, signIn }) => {
  const patient = await newcomer(clinic);
  await signIn("patient", "/", { patientId: patient.id });
  const { dialog, side } = parts(page);
  await expect(page.getByRole("heading", { name: "My visits" })).toBeVisible();
  await page.getByRole("link", { name: "Find a time" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".slots .chip").first()).toBeVisible();
  await page.locator(".slots .chip").first().focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText(/Kept for you/);
  await expect(dialog.getByLabel("Type of visit")).toBeFocused();
  await dialog.getByRole("button", { name: "Book", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(side.getByRole("heading", { name: "Visit" })).toBeFocused();
  expect(await visitsOf(clinic, patient)).toHaveLength(1);
});

test("what a patient may not see is not there, whatever the address says", async ({ page, clinic, signIn }) => {
  const patient = await newcomer(clinic);
  await signIn("patient", "/", { patientId: patient.id });
  await expect(page.getByRole("heading", { name: "My visits" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Patients" })).toHaveCount(0);
  for (const place of ["/#/patients", `/#/patients?id=${(await clinic.patients())[0]?.id}`, "/#/sheet"]) {
    await page.goto(place);
    await expect(page.getByRole("heading", { name: "My visits" })).toBeVisible();
  }
});

test.describe("in German", () => {
  test.use({ locale: "de-AT" });

  test("the patient's own page is in German", async ({ page, clinic, signIn, look }) => {
    const patient = await newcomer(clinic);
    const doctor = await doctorNamed(clinic, "Brandt");
    const [start = ""] = await free(clinic, doctor);
    await book(clinic, doctor, patient, start);
    await signIn("patient", "/", { patientId: patient.id });
    await expect(page.getByRole("heading", { name: "Meine Termine" })).toBeVisible();
    await page.getByRole("button", { name: /Dienstag, 8. Jänner 2030, 10:00/ }).click();
    await expect(parts(page).side.getByRole("listitem")).toHaveText([/Gebucht, vom Personal$/]);
    await look("mine-german");
  });
});
