// @ts-check
//
// Why there is nothing free on a date, and how long the date is, in words.

import { isText, text } from "../texts.js";
import { dayShift, numberText } from "../time.js";

/**
 * How much is free, or why nothing is.
 *
 * @param {number} free
 * @param {string | null} reason
 */
export function freeOrWhy(free, reason) {
  if (free > 0) return text(free === 1 ? "oneFree" : "someFree", { count: String(free) });
  const name = `why-${reason}`;
  return isText(name) ? text(name) : text("nothingFree");
}

/**
 * That a date has more or fewer hours than others; null: it has as many.
 *
 * @param {string} date
 * @param {string} zone
 */
export function lengthOf(date, zone) {
  const shift = dayShift(date, zone);
  if (shift === 0) return null;
  const hours = (24 * 60 + shift) / 60;
  return text("hoursLong", { hours: numberText(hours) });
}
