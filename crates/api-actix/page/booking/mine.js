// @ts-check
//
// A patient's own visits.

import { readAll } from "../ask.js";
import { waiting, reading } from "../board/reading.js";
import { doctorOf, fullName } from "../directory.js";
import { el, refill } from "../dom.js";
import { link } from "../route.js";
import { text } from "../texts.js";
import { showBooking } from "./details.js";
import { when } from "./when.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("../app.js").View} View */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function mineView(host) {
  const title = el("h2", { tabindex: -1 }, text("myVisits"));
  const list = el("div", { class: "board" }, waiting());
  host.replaceChildren(title, el("p", {}, el("a", { class: "button", href: link("list") }, text("findTime"))), list);
  const work = reading(list);

  /** @param {AbortSignal} signal */
  async function readMine(signal) {
    const bookings = /** @type {Booking[]} */ (await readAll("/bookings", {}, signal));
    const doctors = new Map(
      await Promise.all(
        [...new Set(bookings.map(({ doctorId }) => doctorId))].map(
          async (id) => /** @type {const} */ ([id, await doctorOf(id)]),
        ),
      ),
    );
    /** @param {Booking} booking */
    const line = (booking) => {
      const doctor = /** @type {import("../directory.js").Doctor} */ (doctors.get(booking.doctorId));
      return el(
        "li",
        { class: "visit" },
        el(
          "button",
          {
            type: "button",
            class: "plain",
            "data-key": booking.id,
            on: { click: () => showBooking(booking.id) },
          },
          when(booking.start, booking.end, booking.timeZone),
        ),
        el("span", { class: "who" }, `${fullName(doctor)} · ${doctor.specialty}`),
        el("span", { class: `badge ${booking.status}` }, text(`status-${booking.status}`)),
      );
    };
    const isToCome = (/** @type {Booking} */ { status, end }) =>
      (status === "booked" || status === "arrived") && Date.parse(end) > Date.now();
    const [coming, others] = [bookings.filter(isToCome), bookings.filter((one) => !isToCome(one)).reverse()];
    refill(
      list,
      el("h3", {}, text("toCome")),
      coming.length === 0 ? el("p", {}, text("noVisits")) : el("ul", { class: "visits" }, coming.map(line)),
      others.length === 0
        ? el("span")
        : el("details", {}, el("summary", {}, text("earlierVisits")), el("ul", { class: "visits" }, others.map(line))),
    );
  }
  const readAgain = () => work.run(readMine, (message) => refill(list, message));

  return {
    title,
    show: readAgain,
    update({ all, bookings }) {
      if (all || bookings.size > 0) readAgain();
    },
    stop: work.stop,
  };
}
