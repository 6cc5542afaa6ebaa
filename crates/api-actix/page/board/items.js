// @ts-check
//
// What is on a day: its slots, and the bookings that are in them or beside them.

import { wall } from "../time.js";

/** @typedef {import("../api").components["schemas"]["Day"]} Day */
/** @typedef {import("../api").components["schemas"]["Slot"]} Slot */
/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {Slot["status"] | "arrived" | "fulfilled" | "outside"} State */
/**
 * @typedef {object} Item
 * @property {string} start
 * @property {string} end
 * @property {State} state
 * @property {string | null} booking which booking is in it, if one is that one may know of
 */

/** What takes time: all else has given it back. */
const LIVE = new Set(["booked", "arrived", "fulfilled"]);

/**
 * The slots of a day and the bookings on it, by start. A booking that is in no slot that is taken, such as one outside the
 * hours, stands on its own.
 *
 * @param {Day} day
 * @param {Booking[]} bookings of the same doctor
 * @returns {Item[]}
 */
export function itemsOf(day, bookings) {
  const live = bookings.filter(({ status, start }) => LIVE.has(status) && wall(start).date === day.date);
  /** @type {Set<Booking>} */
  const placed = new Set();
  const items = day.slots.map(({ start, end, status }) => {
    /** @type {Item} */
    const item = { start, end, state: status, booking: null };
    if (status === "free") return item;
    const within = live.filter((booking) => overlap(booking, item));
    within.forEach((booking) => placed.add(booking));
    if (within.length > 0) Object.assign(item, { state: stateOf(within[0]), booking: within[0].id });
    return item;
  });
  for (const booking of live) {
    if (placed.has(booking)) continue;
    items.push({ start: booking.start, end: booking.end, state: stateOf(booking), booking: booking.id });
  }
  return items.sort((one, other) => Date.parse(one.start) - Date.parse(other.start));
}

/**
 * @param {Booking} booking
 * @returns {State}
 */
function stateOf({ status, outsideHours }) {
  if (status === "arrived" || status === "fulfilled") return status;
  return outsideHours ? "outside" : "booked";
}

/**
 * @param {{ start: string, end: string }} one
 * @param {{ start: string, end: string }} other
 */
const overlap = (one, other) =>
  Date.parse(one.start) < Date.parse(other.end) && Date.parse(other.start) < Date.parse(one.end);
