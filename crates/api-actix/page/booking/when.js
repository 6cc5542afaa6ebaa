// @ts-check
//
// When a visit is, on the doctor's clock, and on that of whoever looks at it where that is another.

import { el } from "../dom.js";
import { text } from "../texts.js";
import { dateText, here, isElsewhere, plainTime, viewerZone, wall } from "../time.js";

/**
 * @param {string} start
 * @param {string | null} end
 * @param {string} zone
 */
export function when(start, end, zone) {
  const times = end === null ? plainTime(start, zone) : `${plainTime(start, zone)} – ${plainTime(end, zone)}`;
  return [
    el("span", { class: "when" }, `${dateText(wall(start).date)}, ${times}`),
    isElsewhere(zone)
      ? el("span", { class: "zone" }, text("bothClocks", { zone, own: viewerZone, time: here(start) }))
      : null,
  ];
}
