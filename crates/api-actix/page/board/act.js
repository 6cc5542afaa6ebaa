// @ts-check
//
// What choosing something on the board does: a free slot is booked, a booking shown, and of all else is told why it is not
// free.

import { openBook } from "../booking/book.js";
import { showBooking } from "../booking/details.js";
import { showWhy } from "../booking/why.js";
import { can } from "../session.js";

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
  if (state === "free") return can.book() ? () => openBook({ doctor, start, end, visitType }) : null;
  return can.seeWhy() ? () => showWhy(doctor, start, visitType) : null;
}
