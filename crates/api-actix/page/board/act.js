// @ts-check
//
// What choosing something on the board does: a free slot is booked, a booking shown, and of all else is told why it is not
// free.

import { openBook } from "../booking/book.js";
import { showBooking } from "../booking/details.js";
import { showWhy } from "../booking/why.js";
import { link, route } from "../route.js";
import { can } from "../session.js";
import { askToSignIn } from "../sign-in.js";
import { text } from "../texts.js";
import { dayAndTime } from "../time.js";

/** @typedef {import("../directory.js").Whom} Whom */
/** @typedef {import("./items.js").Item} Item */

/**
 * @param {Item} item
 * @param {Whom} doctor
 * @param {string} visitType
 * @returns {(() => void) | null}
 */
export function actOn(item, doctor, visitType) {
  const { booking, start, end, state } = item;
  if (booking !== null) return () => showBooking(booking);
  if (state === "free" && !can.follow()) return () => signInFor(doctor, start);
  if (state === "free") return can.book() ? () => openBook({ doctor, start, end, visitType }) : null;
  return can.seeWhy() ? () => showWhy(doctor, start, visitType) : null;
}

/**
 * Whoever has signed in for a slot finds it again.
 *
 * @param {Whom} doctor
 * @param {string} start
 */
function signInFor(doctor, start) {
  const { view, params } = route() ?? { view: "day", params: new URLSearchParams() };
  history.replaceState(history.state, "", link(view, { ...Object.fromEntries(params), at: start }));
  askToSignIn(text("signInToBook", { time: dayAndTime(start), doctor: doctor.name }));
}
