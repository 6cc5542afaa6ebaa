// @ts-check
import { expect, test } from "../src/test.js";
import { TUESDAY, book, doctorNamed, free, historyOf, newcomer, parts, visitsOf } from "../src/visits.js";

// What is looked at here has whole boards behind it, four times each.
test.slow();

/** @typedef {import("@playwright/test").Locator} Locator */
/** @typedef {import("@playwright/test").Page} Page */

// All of a day is in view: a mouse goes from one slot to another without scrolling.
test.use({ viewport: { width: 1280, height: 1500 } });

/** @param {import("../src/clinic.js").Clinic} clinic */
async function given(clinic) {
  const doctor = await doctorNamed(clinic, "Brandt");
  const patient = await newcomer(clinic);
  const [start = "", to = "", ...others] = await free(clinic, doctor);
  const booking = await book(clinic, doctor, patient, start, { reason: "pain" });
  return { doctor, patient, booking, start, to, others };
}

/** @param {Locator} locator */
async function middle(locator) {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("it is not to be seen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * Drags with the mouse, and does not let go yet.
 *
 * @param {Page} page
 * @param {Locator} from
 * @param {Locator} to
 */
async function drag(page, from, to) {
  // As soon as it is known which visit it is.
  await expect(from).toHaveAttribute("data-booking", /./);
  const [begin, end] = [await middle(from), await middle(to)];
  await page.mouse.move(begin.x, begin.y);
  await page.mouse.down();
  await page.mouse.move(begin.x + 10, begin.y + 10, { steps: 3 });
  await page.mouse.move(end.x, end.y, { steps: 5 });
}

test("a visit is dragged onto a free slot, and moves once that is confirmed", async ({ page, clinic, signIn, look }) => {
  const { patient, booking, start, to } = await given(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, status, side } = parts(page);
  const [from, target] = [slot(start, "booked", "Amelie Brandt"), slot(to, "free", "Amelie Brandt")];
  await expect(from).toBeVisible();
  await drag(page, from, target);
  await expect(page.getByText("Let go on a free slot to move the visit there, or press Escape.")).toBeVisible();
  await expect(target).toHaveClass(/receives/);
  await expect(target).toHaveClass(/over/);
  await expect(slot(start, "booked", "Amelie Brandt")).not.toHaveClass(/receives/);
  // Motion is to be reduced: nothing goes along with the pointer.
  await expect(page.locator(".ghost")).toHaveCount(0);
  await page.mouse.up();

  await expect(dialog).toHaveAccessibleName("Move the visit");
  await expect(dialog).toContainText("From");
  await expect(dialog).toContainText(/Tuesday, 8 January 2030, 10:00 – 10:30/);
  await expect(dialog).toContainText(new RegExp(`To\\s*Tuesday, 8 January 2030, ${to.slice(11, 16)}`));
  // Nothing is sent before that, and no click has opened the visit.
  expect((await visitsOf(clinic, patient))[0]?.start).toBe(start);
  await expect(side).toBeHidden();
  await dialog.getByLabel("Why it is moved").fill("it hurts in the morning");
  await look("move-confirm");
  await button("Move").click();
  await expect(dialog).toBeHidden();
  await expect(status).toHaveText(`Moved to Tuesday, 8 January 2030, ${to.slice(11, 16)}.`);
  await expect(slot(to, "booked", "Amelie Brandt")).toBeVisible();
  await expect(slot(start, "free", "Amelie Brandt")).toBeVisible();
  const entries = await historyOf(clinic, booking);
  expect(entries.at(-1)).toMatchObject({ what: "booking.moved", why: "it hurts in the morning" });
});

test("dragging is given up by Escape, elsewhere, and in the question", async ({ page, clinic, signIn }) => {
  const { patient, start, to } = await given(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, status, side } = parts(page);
  const [from, target] = [slot(start, "booked", "Amelie Brandt"), slot(to, "free", "Amelie Brandt")];
  await expect(from).toBeVisible();

  await drag(page, from, target);
  await expect(target).toHaveClass(/over/);
  await page.keyboard.press("Escape");
  await expect(status).toHaveText("The visit stays where it is.");
  await expect(target).not.toHaveClass(/over|receives/);
  await page.mouse.up();
  await expect(dialog).toHaveCount(0);

  await drag(page, from, page.getByRole("heading", { name: "Tuesday, 8 January 2030" }));
  await page.mouse.up();
  await expect(status).toHaveText("The visit stays where it is.");
  await expect(dialog).toHaveCount(0);
  await expect(side).toBeHidden();

  await drag(page, from, target);
  await page.mouse.up();
  await button("Leave it where it is").click();
  await expect(dialog).toHaveCount(0);
  await expect(from).toBeFocused();
  expect((await visitsOf(clinic, patient))[0]?.start).toBe(start);
  // A click is still a click.
  await from.click();
  await expect(side).toContainText("Nadia Quellmalz");
});

test("a visit cannot be dragged to a doctor who does not offer its type", async ({ page, clinic, signIn }) => {
  const doctor = await doctorNamed(clinic, "Brandt");
  const { items } = await clinic.ask("GET", "/visit-types");
  const type = items.find((/** @type {{ name: string }} */ { name }) => name === "Video call");
  const start = (await free(clinic, doctor, TUESDAY, type.id)).find((one) => one.endsWith(":00:00+01:00")) ?? "";
  const booking = await book(clinic, doctor, await newcomer(clinic), start, { visitType: type.id });
  const other = await doctorNamed(clinic, "Lindqvist");
  const [theirs = ""] = await free(clinic, other);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog } = parts(page);
  const from = page.locator(`[data-booking="${booking.id}"]`).first();
  const target = slot(theirs, "free", "Sofia Lindqvist");
  await expect(from).toBeVisible();
  await drag(page, from, target);
  await expect(slot((await free(clinic, doctor))[0] ?? "", "free", "Amelie Brandt")).toHaveClass(/receives/);
  await expect(target).not.toHaveClass(/receives/);
  await page.mouse.up();
  await expect(dialog).toHaveCount(0);
});

test("where the slot has gone meanwhile, the visit stays, and what is free nearby is offered", async ({
  page,
  clinic,
  signIn,
  look,
}) => {
  const { doctor, patient, start, to } = await given(clinic);
  await signIn("front-desk", `/#/week?doctor=${doctor.id}&date=${TUESDAY}`);
  const { slot, dialog, button, alert, status } = parts(page);
  const [from, target] = [slot(start, "booked", "8 January 2030"), slot(to, "free", "8 January 2030")];
  await expect(from).toBeVisible();
  await drag(page, from, target);
  await page.mouse.up();
  await expect(dialog).toBeVisible();
  await book(clinic, doctor, await newcomer(clinic, { firstName: "Quick" }), to);
  await button("Move").click();
  await expect(alert).toHaveText("Somebody else was quicker: this time is not free any more.");
  expect((await visitsOf(clinic, patient))[0]?.start).toBe(start);
  await look();
  const near = dialog.getByRole("group", { name: "Free nearby:" }).getByRole("button");
  const name = (await near.last().textContent()) ?? "";
  await near.last().click();
  await expect(status).toHaveText(`Moved to ${name}.`);
  expect((await visitsOf(clinic, patient))[0]?.start).not.toBe(start);
});

test.describe("where motion is not reduced", () => {
  test.use({ reducedMotion: "no-preference" });

  test("what is dragged goes along with the pointer, and is gone afterwards", async ({ page, clinic, signIn }) => {
    const { start, to } = await given(clinic);
    await signIn("front-desk", `/#/day?date=${TUESDAY}`);
    const { slot } = parts(page);
    await expect(slot(start, "booked", "Amelie Brandt")).toBeVisible();
    await drag(page, slot(start, "booked", "Amelie Brandt"), slot(to, "free", "Amelie Brandt"));
    await expect(page.locator(".ghost")).toContainText("10:00");
    const [ghost, target] = [await middle(page.locator(".ghost")), await middle(slot(to, "free", "Amelie Brandt"))];
    expect(Math.hypot(ghost.x - target.x, ghost.y - target.y)).toBeLessThan(150);
    await page.mouse.up();
    await expect(page.locator(".ghost")).toHaveCount(0);
  });
});

test.describe("with a finger", () => {
  test.use({ hasTouch: true, viewport: { width: 412, height: 1100 } });

  test("a visit is dragged after the finger has rested on it", async ({ page, clinic, signIn, context }) => {
    const { start, to } = await given(clinic);
    await signIn("front-desk", `/#/day?date=${TUESDAY}&q=Brandt`);
    const { slot, dialog } = parts(page);
    const [from, target] = [slot(start, "booked", "Amelie Brandt"), slot(to, "free", "Amelie Brandt")];
    await expect(from).toHaveAttribute("data-booking", /./);
    const begin = await middle(from);
    const touches = await context.newCDPSession(page);
    /** @type {(type: "touchStart" | "touchMove" | "touchEnd", at?: { x: number, y: number }) => Promise<unknown>} */
    const touch = (type, at) => touches.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [at] : [] });

    // Whoever only wants to scroll does not drag. (The page is at its top: nothing moves from under the next touch.)
    await touch("touchStart", begin);
    await touch("touchMove", { x: begin.x, y: begin.y + 40 });
    await touch("touchEnd");
    await expect(page.locator(".moving")).toHaveCount(0);

    const [again, there] = [await middle(from), await middle(target)];
    await touch("touchStart", again);
    await expect(page.getByText("Let go on a free slot")).toBeVisible();
    await touch("touchMove", { x: there.x, y: there.y - 5 });
    await touch("touchMove", there);
    await expect(target).toHaveClass(/over/);
    await touch("touchEnd");
    await expect(dialog).toHaveAccessibleName("Move the visit");
  });
});

test("the form moves a visit by the keyboard alone, to another day and doctor", async ({ page, clinic, signIn, look }) => {
  const { patient, booking, start } = await given(clinic);
  const other = await doctorNamed(clinic, "Keller");
  const [to = ""] = await free(clinic, other, "2030-01-11");
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, alert, side, action, status } = parts(page);
  await slot(start, "booked", "Amelie Brandt").focus();
  await page.keyboard.press("Enter");
  await action("Move …").focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText(/From\s*Tuesday, 8 January 2030, 10:00 – 10:30/);
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  await button("Move").focus();
  await page.keyboard.press("Enter");
  await expect(alert).toHaveText("Please choose a time.");

  await button("Later").focus();
  for (let day = 9; day <= 11; day += 1) await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Date", { exact: true }).first()).toHaveValue("2030-01-11");
  await dialog.getByLabel("Doctor").first().focus();
  await page.keyboard.type("Jonas");
  await expect(dialog.getByLabel("Doctor").first()).toHaveValue(other.id);
  const radio = dialog.getByRole("radio", { name: to.slice(11, 16) });
  await radio.focus();
  await page.keyboard.press("Space");
  await expect(dialog).toContainText(new RegExp(`To\\s*Friday, 11 January 2030, ${to.slice(11, 16)}\\s*Jonas Keller`));
  await look();
  await button("Move").focus();
  await page.keyboard.press("Enter");
  await expect(status).toHaveText(`Moved to Friday, 11 January 2030, ${to.slice(11, 16)}.`);
  await expect(action("Move …")).toBeFocused();
  await expect(side).toContainText("Jonas Keller · cardiology");
  await expect(side.getByRole("listitem").last()).toContainText("from Amelie Brandt to Jonas Keller");
  expect((await visitsOf(clinic, patient))[0]).toMatchObject({ id: booking.id, doctorId: other.id, start: to });
});

test("what somebody else has changed meanwhile is told, and can be moved after that", async ({ page, clinic, signIn }) => {
  const { patient, booking, start, to, others } = await given(clinic);
  await signIn("front-desk", `/#/day?date=${TUESDAY}`);
  const { slot, dialog, button, alert, action, status } = parts(page);
  await slot(start, "booked", "Amelie Brandt").click();
  await action("Move …").click();
  await dialog.getByRole("radio", { name: to.slice(11, 16) }).check();
  await clinic.ask("POST", `/bookings/${booking.id}/reschedule`, { start: others[0] });
  await button("Move").click();
  await expect(alert).toHaveText("Somebody else has changed it in the meantime. Please look at it again.");
  await expect(dialog).toContainText(new RegExp(`From\\s*Tuesday, 8 January 2030, ${others[0]?.slice(11, 16)}`));
  await expect(dialog.getByRole("radio", { name: to.slice(11, 16) })).toBeChecked();
  await button("Move").click();
  await expect(status).toHaveText(`Moved to Tuesday, 8 January 2030, ${to.slice(11, 16)}.`);
  expect((await visitsOf(clinic, patient))[0]?.start).toBe(to);
});

test("whoever may not move anything cannot drag", async ({ page, clinic, signIn }) => {
  const { doctor, start, to } = await given(clinic);
  await signIn("doctor", `/#/week?doctor=${doctor.id}&date=${TUESDAY}`, { doctorId: doctor.id });
  const { slot, dialog } = parts(page);
  const from = slot(start, "booked", "8 January 2030");
  await expect(from).toBeVisible();
  const target = page.locator(`[data-start="${to}"]`);
  await drag(page, from, target);
  await expect(target).not.toHaveClass(/receives/);
  await page.mouse.up();
  await expect(dialog).toHaveCount(0);
});

test.describe("in German", () => {
  test.use({ locale: "de-DE", viewport: { width: 1280, height: 1500 } });

  test("moving is in German", async ({ page, clinic, signIn, look }) => {
    const { start } = await given(clinic);
    await signIn("front-desk", `/#/day?date=${TUESDAY}`);
    const { dialog, slot, action } = parts(page);
    await slot(start, "belegt", "Amelie Brandt").click();
    await action("Verschieben …").click();
    await expect(dialog).toHaveAccessibleName("Termin verschieben");
    await expect(dialog).toContainText(/Von\s*Dienstag, 8. Januar 2030, 10:00 – 10:30/);
    await expect(dialog.getByRole("radio").first()).toBeVisible();
    await look();
  });
});
