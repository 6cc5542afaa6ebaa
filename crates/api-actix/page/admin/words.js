// @ts-check
//
// How long something lasts, in words.

import { locale } from "../time.js";

/** @param {number} count @param {"minute" | "hour" | "day"} unit */
export const counted = (count, unit) =>
  new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count);

/**
 * A number of minutes, as days or hours where it is as many of them.
 *
 * @param {number} minutes
 */
export function duration(minutes) {
  if (minutes > 0 && minutes % 1440 === 0) return counted(minutes / 1440, "day");
  if (minutes > 60 && minutes % 60 === 0) return counted(minutes / 60, "hour");
  return counted(minutes, "minute");
}
