// @ts-check
//
// Moves a visit to another time, with the same doctor or another. It is one step: where it is refused, the old one stays.

import { change, readTagged, Refused } from "../ask.js";
import { doctorOf, whom } from "../directory.js";
import { el, labelled } from "../dom.js";
import { say } from "../say.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { dayAndTime } from "../time.js";
import { byHand } from "./by-hand.js";
import { onSubmit, openDialog } from "./dialog.js";
import { pickTime } from "./pick-time.js";
import { refusal } from "./refusal.js";
import { when } from "./when.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {{ doctorId: string, start: string, end?: string | null }} Target Where to. */

/**
 * Asks where to, or, where that is known already, only whether it is meant.
 *
 * @param {Booking} booking
 * @param {string | null} tag
 * @param {() => void} moved
 * @param {Target | null} [target]
 */
export function openMove(booking, tag, moved, target = null) {
  const isKnown = target !== null;
  const fromTo = el("dl", { class: "from-to" });
  const reason = el("input", { maxlength: 1000 });
  const submit = el("button", { type: "submit" }, text("move"));
  const refused = refusal((start) => {
    target = { doctorId: target?.doctorId ?? picker?.doctorId() ?? booking.doctorId, start };
    picker?.forget();
    refused.forget();
    // A free time that was offered is meant, as it is.
    moveTo(target);
  });
  const picker = isKnown
    ? null
    : pickTime(booking, () => {
        target = picker?.picked() ?? null;
        refused.forget();
        showTarget();
      });
  const hand =
    picker && can.setAside()
      ? el(
          "details",
          { class: "another" },
          el("summary", {}, text("anotherTime")),
          byHand({ doctor: booking.doctorId, date: picker.date() }, ({ id }, start) => {
            picker.forget();
            target = { doctorId: id, start };
            refused.forget();
            showTarget();
            submit.focus();
          }).element,
        )
      : null;
  const form = el(
    "form",
    { novalidate: true },
    picker?.element,
    hand,
    fromTo,
    labelled(text("reasonForMove"), reason, text("optional")),
    refused.element,
    el(
      "div",
      { class: "actions bottom" },
      submit,
      el("button", { type: "button", class: "plain", on: { click: () => dialog.close() } }, text("keepWhereItIs")),
    ),
  );
  const dialog = openDialog(text("moveVisit"), [form]);
  let shown = 0;
  /** Tells from where to where. */
  async function showTarget() {
    const mine = (shown += 1);
    submit.textContent = text(refused.isAside() ? "moveAllTheSame" : "move");
    const ids = [booking.doctorId, target?.doctorId ?? booking.doctorId];
    const [from, to] = (await Promise.all(ids.map(doctorOf))).map(whom);
    if (mine !== shown) return;
    const isOther = from.id !== to.id;
    /**
     * @param {string} name
     * @param {import("../directory.js").Whom} doctor
     * @param {Node[]} at
     */
    const line = (name, doctor, at) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, at, isOther ? el("span", { class: "who" }, doctor.name) : null));
    /** @type {(start: string, end: string | null, zone: string) => Node[]} */
    const at = (start, end, zone) => /** @type {Node[]} */ (when(start, end, zone).filter(Boolean));
    fromTo.replaceChildren(
      line(text("moveFrom"), from, at(booking.start, booking.end, booking.timeZone)),
      target === null ? "" : line(text("moveTo"), to, at(target.start, null, to.zone)),
    );
  }

  /** @param {Target} to */
  async function moveTo({ doctorId, start }) {
    const why = reason.value.trim();
    const aside = refused.override();
    if (aside === null) return;
    const body = {
      start,
      ...(doctorId === booking.doctorId ? {} : { doctorId }),
      ...(why ? { reason: why } : {}),
      ...aside,
    };
    try {
      const now = await change("POST", `/bookings/${booking.id}/reschedule`, body, tag);
      dialog.close();
      say(text("moved", { when: dayAndTime(now.start) }));
      moved();
    } catch (error) {
      await lookAgain(error);
      refused.show(error);
      showTarget();
    }
  }

  /**
   * Somebody else may have changed what this is about.
   *
   * @param {unknown} error
   */
  async function lookAgain(error) {
    await picker?.look();
    if (!(error instanceof Refused) || error.status !== 412) return;
    const again = await readTagged(`/bookings/${booking.id}`).catch(() => null);
    if (again !== null) ({ value: booking, tag } = again);
  }

  onSubmit(form, async () => {
    refused.clear();
    if (target === null) refused.tell(text("chooseTime"));
    else await moveTo(target);
  });

  // What is on the board already only has to be confirmed.
  if (isKnown) submit.focus();
  else picker?.focus();
  showTarget();
}
