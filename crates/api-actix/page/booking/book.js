// @ts-check
//
// Books a time. A slot is kept while the form is open; where somebody else was quicker, the nearest free ones are offered, and
// where a rule stands in the way, to set it aside.

import { create, newKey, Refused } from "../ask.js";
import { allTypes } from "../directory.js";
import { choice, el, labelled } from "../dom.js";
import { patientPicker } from "../patients/picker.js";
import { say } from "../say.js";
import { can, whoIsIn } from "../session.js";
import { text } from "../texts.js";
import { dayAndTime, today, wall } from "../time.js";
import { byHand } from "./by-hand.js";
import { showBooking } from "./details.js";
import { onSubmit, openDialog } from "./dialog.js";
import { keeper } from "./hold.js";
import { refusal } from "./refusal.js";
import { inTheWay, repeatFields, showSeries } from "./repeat.js";
import { when } from "./when.js";

/** @typedef {import("../directory.js").Whom} Whom */
/** @typedef {import("../api").components["schemas"]["Hold"]} Hold */
/**
 * @typedef {object} Wish What is known already of what is to be booked.
 * @property {Whom | null} doctor
 * @property {string | null} start null: it is written down by hand
 * @property {string | null} [end]
 * @property {string} [date] on which one would like to come, where there is no start
 * @property {string} visitType
 * @property {import("../patients.js").Patient} [patient]
 * @property {Hold} [hold] what is kept for the patient already: it is booked as it is, and stays when the form is closed
 */

/** @param {Wish} wish */
export function openBook(wish) {
  const { hold: offered } = wish;
  let { doctor, visitType: type } = wish;
  /**
   * When, and until when as far as that is known already.
   *
   * @type {{ start: string, end: string | null } | null}
   */
  let at = wish.start === null ? null : { start: wish.start, end: wish.end ?? null };
  /** What has come of it: a booking's id, or a series. @type {string | import("./repeat.js").BookingSeries} */
  let made = "";
  const title = () => (doctor === null ? text("bookVisit") : text("bookWith", { doctor: doctor.name }));
  const shownWhen = el("p", { class: "lead" });
  const refused = refusal((start) => take({ start, end: null }));
  const hold = keeper(refuse);
  const types = choice([["", text("noType")]], "", { disabled: offered !== undefined });
  const reason = el("textarea", { rows: 2, maxlength: 1000 });
  const picker = can.choosePatient() ? patientPicker(wish.patient) : null;
  const repeat = repeatFields();
  repeat.element.hidden = offered !== undefined;
  const submit = el("button", { type: "submit" }, text("book"));
  const hand =
    can.setAside() && offered === undefined
      ? byHand(
          {
            doctor: doctor?.id ?? "",
            date: at ? wall(at.start).date : (wish.date ?? today(doctor?.zone)),
            ...(at ? { time: at.start.slice(11, 16) } : {}),
          },
          (who, start) => {
            doctor = who;
            dialog.querySelector("h2")?.replaceChildren(title());
            offerTypes();
            take({ start, end: null });
          },
        )
      : null;
  const another = hand
    ? el("details", { class: "another", open: at === null }, el("summary", {}, text("anotherTime")), hand.element)
    : null;
  const form = el(
    "form",
    { novalidate: true },
    another,
    labelled(text("visitType"), types),
    picker?.element,
    labelled(text("reasonForVisit"), reason, text("optional")),
    repeat.element,
    refused.element,
    el("div", { class: "bottom" }, hold.element, el("div", { class: "actions" }, submit)),
  );
  const dialog = openDialog(title(), [shownWhen, form], () => {
    hold.stop();
    if (typeof made !== "string") showSeries(made, doctor?.name ?? "");
    else if (made !== "") showBooking(made);
  });

  function showWhen() {
    if (at === null || doctor === null) shownWhen.textContent = text("chooseWhen");
    else shownWhen.replaceChildren(.../** @type {Node[]} */ (when(at.start, at.end, doctor.zone).filter(Boolean)));
  }

  /** Whether it can be sent off as it stands, and what that is called. */
  function showSubmit(canBook = at !== null) {
    submit.disabled = !canBook;
    submit.textContent = text(refused.isAside() ? "bookAllTheSame" : "book");
    // Nothing is set aside for a whole series.
    repeat.element.hidden = offered !== undefined || refused.isAside();
  }

  async function keep() {
    refused.forget();
    showSubmit();
    showWhen();
    await holdIt();
  }

  async function holdIt() {
    if (at === null || doctor === null) return;
    await hold.keep({ doctorId: doctor.id, start: at.start, visitType: type || null });
  }

  /** @param {unknown} error */
  function refuse(error) {
    const visits = inTheWay(error);
    refused.show(error, visits);
    const isFinal = error instanceof Refused && error.status !== 429 && error.status < 500;
    // What was said of a time that was kept does not count any more, either.
    if (isFinal && visits === null && hold.id() === null) hold.release();
    showSubmit(!isFinal || hold.id() !== null || refused.isAside() || visits !== null);
  }

  /** @param {{ start: string, end: string | null }} other */
  async function take(other) {
    at = other;
    if (another) another.open = false;
    const kept = keep();
    submit.focus();
    await kept;
  }

  types.addEventListener("change", () => {
    type = types.value;
    // Visits of another type may be of another length.
    if (at) at = { start: at.start, end: null };
    keep();
  });

  async function offerTypes() {
    const all = await allTypes();
    const mine = doctor?.types ?? null;
    const theirs = all.filter(({ id, retired }) => !retired && (mine === null || mine.includes(id)));
    types.replaceChildren(
      el("option", { value: "" }, text("noType")),
      ...theirs.map(({ id, name, minutes }) =>
        el("option", { value: id }, text("typeAndMinutes", { name, minutes: String(minutes) })),
      ),
    );
    if (!theirs.some(({ id }) => id === type)) type = "";
    types.value = type;
  }

  let sent = { body: "", key: "" };
  /**
   * What was sent and not answered is the same when it is sent again.
   *
   * @param {string} path
   * @param {object} body
   */
  function createOnce(path, body) {
    const json = JSON.stringify([path, body]);
    if (json !== sent.body) sent = { body: json, key: newKey() };
    return create(path, body, sent.key);
  }

  /** @param {object} wanted */
  async function bookSeries(wanted) {
    // A series takes no slot over that is held: what is held for oneself would stand in its own way.
    await hold.release();
    try {
      made = /** @type {import("./repeat.js").BookingSeries} */ (await createOnce("/booking-series", wanted));
      dialog.close();
    } catch (error) {
      refuse(error);
      const faults = error instanceof Refused ? (error.problem.errors ?? []) : [];
      // Whoever decides anew still has the first one, if that was free.
      if (!faults.some(({ pointer }) => pointer === "/occurrences/0")) await holdIt();
    }
  }

  onSubmit(form, async () => {
    if (at === null || doctor === null) return;
    refused.clear();
    const aside = refused.override();
    const often = refused.isAside() || offered ? null : repeat.wanted();
    if (aside === null || often === undefined) return;
    try {
      const patientId = picker ? await picker.patient() : whoIsIn().patientId;
      if (!patientId) return;
      const given = reason.value.trim();
      const body = {
        doctorId: doctor.id,
        patientId,
        start: at.start,
        ...(type ? { visitType: type } : {}),
        ...(given ? { reason: given } : {}),
      };
      if (often !== null) return await bookSeries({ ...body, ...often });
      const holdId = hold.id();
      const booking = await createOnce("/bookings", { ...body, ...(holdId ? { holdId } : {}), ...aside });
      hold.used();
      made = booking.id;
      dialog.close();
      say(text("booked", { when: dayAndTime(booking.start), doctor: doctor.name }));
    } catch (error) {
      refuse(error);
    }
  });

  showWhen();
  offerTypes().catch(() => {});
  if (offered) {
    hold.adopt(offered);
    reason.focus();
  } else {
    if (at === null) hand?.focus();
    else if (picker) picker.focus();
    else types.focus();
    keep();
  }
}
