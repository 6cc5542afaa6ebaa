// @ts-check
//
// Somebody's visits as a list: those to come, and the others.

import { doctorOf, fullName } from "../directory.js";
import { el } from "../dom.js";
import { text } from "../texts.js";
import { showBooking } from "./details.js";
import { when } from "./when.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */

/** @param {Booking} booking */
const isToCome = ({ status, end }) => (status === "booked" || status === "arrived") && Date.parse(end) > Date.now();

/** Whether what is over is shown: it stays so when the list is made anew. */
let showsOthers = false;

/**
 * @param {Booking[]} bookings of one patient, by start
 * @returns {Promise<HTMLElement[]>}
 */
export async function visitList(bookings) {
  const ids = [...new Set(bookings.map(({ doctorId }) => doctorId))];
  const doctors = new Map(await Promise.all(ids.map(async (id) => /** @type {const} */ ([id, await doctorOf(id)]))));
  /** @param {Booking} booking */
  const line = (booking) => {
    const doctor = /** @type {import("../directory.js").Doctor} */ (doctors.get(booking.doctorId));
    return el(
      "li",
      { class: "visit" },
      el(
        "button",
        { type: "button", class: "plain", "data-key": booking.id, on: { click: () => showBooking(booking.id) } },
        when(booking.start, booking.end, booking.timeZone),
      ),
      el("span", { class: "who" }, `${fullName(doctor)} · ${doctor.specialty}`),
      el("span", { class: `badge ${booking.status}` }, text(`status-${booking.status}`)),
    );
  };
  const coming = bookings.filter(isToCome);
  const others = bookings.filter((one) => !isToCome(one)).reverse();
  const more = el(
    "details",
    { open: showsOthers },
    el("summary", { "data-key": "earlier visits" }, text("earlierVisits")),
    el("ul", { class: "visits" }, others.map(line)),
  );
  more.addEventListener("toggle", () => (showsOthers = more.open));
  return [
    el("h3", {}, text("toCome")),
    coming.length === 0 ? el("p", {}, text("noVisits")) : el("ul", { class: "visits" }, coming.map(line)),
    ...(others.length === 0 ? [] : [more]),
  ];
}
