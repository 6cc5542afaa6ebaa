// @ts-check
//
// What one can do where nothing is free: wait for it, or, at the desk, write a time down by hand.

import { openBook } from "../booking/book.js";
import { doctorOf, whom } from "../directory.js";
import { el } from "../dom.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { today } from "../time.js";
import { waitButton } from "../waitlist/wait.js";

/**
 * The way to the waitlist, on a date on which nothing is free but something might become so.
 *
 * @param {import("../api").components["schemas"]["Day"]} day
 * @param {string} doctorId
 * @param {string} visitType
 */
export function waitHere(day, doctorId, visitType) {
  const mayBecomeFree = day.reason === "fully-booked" || day.reason === "no-gap-long-enough";
  if (day.freeCount > 0 || !mayBecomeFree || day.date < today()) return null;
  const key = `wait ${doctorId} ${day.date}`;
  return waitButton(
    { doctorId, visitType, from: day.date },
    { class: "plain small", "data-chip": true, "data-key": key, tabindex: -1 },
  );
}

/**
 * For whoever may set rules aside: a visit at any time.
 *
 * @param {() => import("./filters.js").Chosen} chosen what is shown
 */
export function bookByHand(chosen) {
  if (!can.setAside()) return "";
  const open = async () => {
    const { doctor, date, type } = chosen();
    const who = doctor === "" ? null : await doctorOf(doctor).then(whom, () => null);
    openBook({ doctor: who, start: null, date, visitType: type });
  };
  return el(
    "p",
    { class: "actions noprint" },
    el("button", { type: "button", class: "plain", "data-key": "by hand", on: { click: open } }, text("bookByHand")),
  );
}
