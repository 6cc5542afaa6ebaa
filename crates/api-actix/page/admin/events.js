// @ts-check
//
// What a webhook can be told, in words and by subject.

import { text } from "../texts.js";

/** @typedef {import("../api").components["schemas"]["Happening"]} Happening */
/** @typedef {"booking" | "waitlist" | "hold" | "doctor"} Subject */

/**
 * All there are, and what each is about: the check of types sees to it that none is forgotten.
 *
 * @type {Record<Happening, Subject>}
 */
const SUBJECTS = {
  "booking.created": "booking",
  "booking.moved": "booking",
  "booking.cancelled": "booking",
  "booking.reinstated": "booking",
  "booking.arrived": "booking",
  "booking.fulfilled": "booking",
  "booking.no-show": "booking",
  "booking.marked": "booking",
  "booking.reminder": "booking",
  "waitlist.joined": "waitlist",
  "waitlist.offered": "waitlist",
  "waitlist.left": "waitlist",
  "hold.created": "hold",
  "hold.released": "hold",
  "doctor.created": "doctor",
  "doctor.changed": "doctor",
  "hours.changed": "doctor",
  "override.set": "doctor",
  "override.removed": "doctor",
  "time-off.added": "doctor",
  "time-off.removed": "doctor",
  "closure.added": "doctor",
  "closure.removed": "doctor",
};

const ALL = /** @type {Happening[]} */ (Object.keys(SUBJECTS));
const GROUPS = /** @type {const} */ (["booking", "waitlist", "hold", "doctor"]);

/** @param {Happening} event */
export const eventText = (event) => text(`event-${event}`);

/** All there are, by subject. */
export const eventGroups = () =>
  GROUPS.map((subject) => ({
    name: text(`admin-events-${subject}`),
    choices: ALL.filter((event) => SUBJECTS[event] === subject).map(
      (event) => /** @type {[string, string]} */ ([event, eventText(event)]),
    ),
  }));
