// @ts-check
//
// The day of one doctor on paper: who comes when, and for what.

import { readAll } from "../ask.js";
import { chosen } from "../board/filters.js";
import { anyDoctor } from "../board/anybody.js";
import { reading, waiting } from "../board/reading.js";
import { allTypes, doctorOf, fullName } from "../directory.js";
import { el, refill } from "../dom.js";
import { patientsOf } from "../patients.js";
import { link } from "../route.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { dateText, here, plainTime, plusDays } from "../time.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("../views.js").View} View */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function sheetView(host) {
  const title = el("h2", { tabindex: -1 }, text("sheet"));
  const sheet = el("div", { class: "sheet-table" }, waiting());
  const print = el("button", { type: "button", on: { click: () => window.print() } }, text("print"));
  const back = el("a", {}, text("toWeek"));
  const earlier = el("a", { "aria-label": text("earlier") }, "‹");
  const later = el("a", { "aria-label": text("later") }, "›");
  for (const way of [earlier, later]) way.className = "button plain";
  host.replaceChildren(el("div", { class: "actions noprint" }, print, earlier, later, back), title, sheet);
  const work = reading(sheet);
  let now = chosen(new URLSearchParams());

  /** @param {AbortSignal} signal */
  async function readSheet(signal) {
    if (now.doctor === "") now = { ...now, doctor: await anyDoctor() };
    if (now.doctor === "") return refill(sheet, el("p", {}, text("noDoctors")));
    back.href = link("week", { doctor: now.doctor, date: now.date });
    earlier.href = link("sheet", { doctor: now.doctor, date: plusDays(now.date, -1) });
    later.href = link("sheet", { doctor: now.doctor, date: plusDays(now.date, 1) });
    if (!can.seePatientsOf(now.doctor)) return refill(sheet, el("p", { class: "error" }, text("code-forbidden")));
    const [doctor, types, bookings] = await Promise.all([
      doctorOf(now.doctor),
      allTypes(),
      /** @type {Promise<Booking[]>} */ (
        readAll("/bookings", { doctorId: now.doctor, from: now.date, to: now.date }, signal)
      ),
    ]);
    title.textContent = `${fullName(doctor)} · ${dateText(now.date)}`;
    const coming = bookings.filter(({ status }) => status !== "cancelled");
    const patients = await patientsOf(coming.map(({ patientId }) => patientId));
    if (signal.aborted) return;
    const names = ["time", "patient", "birthDate", "phone", "visitType", "reasonForVisit", "status", "notes"];
    /** @param {Booking} booking */
    const row = (booking) => {
      const patient = patients.get(booking.patientId);
      return el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          `${plainTime(booking.start, booking.timeZone)} – ${plainTime(booking.end, booking.timeZone)}`,
        ),
        [
          patient ? fullName(patient) : "–",
          patient?.birthDate ? dateText(patient.birthDate, "numbers") : "–",
          patient?.phone ?? "–",
          types.find(({ id }) => id === booking.visitType)?.name ?? "–",
          booking.reason ?? "–",
          text(`status-${booking.status}`),
          "",
        ].map((value) => el("td", {}, value)),
      );
    };
    refill(
      sheet,
      el(
        "p",
        {},
        text("sheetOf", {
          zone: doctor.timeZone,
          count: String(coming.length),
          at: here(new Date().toISOString()),
        }),
      ),
      coming.length === 0
        ? el("p", {}, text("nobodyComes"))
        : el(
            "div",
            {
              class: "scroller",
              "data-scrolls": true,
              tabindex: 0,
              role: "region",
              "aria-label": text("sheet"),
            },
            el(
              "table",
              { class: "sheet" },
              el(
                "thead",
                {},
                el(
                  "tr",
                  {},
                  names.map((name) => el("th", { scope: "col" }, text(/** @type {"time"} */ (name)))),
                ),
              ),
              el("tbody", {}, coming.map(row)),
            ),
          ),
    );
  }

  const readAgain = () => work.run(readSheet, (message) => refill(sheet, message));
  return {
    title,
    show(params) {
      now = chosen(params);
      readAgain();
    },
    update({ all, doctors }) {
      if (all || doctors.has(now.doctor)) readAgain();
    },
    stop: work.stop,
  };
}
