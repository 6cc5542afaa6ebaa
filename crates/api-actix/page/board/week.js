// @ts-check
//
// A week of one doctor.

import { read, readAll } from "../ask.js";
import { doctorOf, whom } from "../directory.js";
import { el, refill } from "../dom.js";
import { link } from "../route.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { dateText, isElsewhere, plusDays, today, viewerZone, weekOf } from "../time.js";
import { actOn } from "./act.js";
import { chosen, filters } from "./filters.js";
import { hourTable, legend } from "./grid.js";
import { itemsOf } from "./items.js";
import { hoursLink } from "../hours/frame.js";
import { anyDoctor } from "./anybody.js";
import { bookByHand, waitHere } from "./instead.js";
import { leadTo, scrollToNow } from "./lead.js";
import { above, reading, waiting } from "./reading.js";
import { freeOrWhy, lengthOf } from "./reason.js";

/** @typedef {import("../api").components["schemas"]["Day"]} Day */
/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("./filters.js").Chosen} Chosen */
/** @typedef {import("../views.js").View} View */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function weekView(host) {
  const controls = filters({
    view: "week",
    byDoctor: true,
    step: (date, way) => plusDays(date, 7 * way),
    beyond: (date) => plusDays(weekOf(date), 7),
  });
  const title = el("h2", { tabindex: -1, "aria-live": "polite" }, text("view-week"));
  const board = el("div", { class: "board" }, waiting());
  host.replaceChildren(controls.element, title, board, bookByHand(() => now), legend());
  const work = reading(board);
  /** @type {Chosen} */
  let now;
  /** Whether what is shown next is of other dates than before. */
  let isNew = true;

  /** @param {AbortSignal} signal */
  async function readWeek(signal) {
    if (now.doctor === "") now = { ...now, doctor: await anyDoctor() };
    if (now.doctor === "") return refill(board, el("p", {}, text("noDoctors")));
    controls.show(now);
    const from = weekOf(now.date);
    const to = plusDays(from, 6);
    const [doctor, { days }] = await Promise.all([
      doctorOf(now.doctor),
      read(`/doctors/${now.doctor}/availability`, { from, to, visitType: now.type }, signal),
    ]);
    draw(doctor, days, []);
    controls.offer();
    if (!can.seePatientsOf(now.doctor)) return;
    draw(doctor, days, await readAll("/bookings", { doctorId: now.doctor, from, to }, signal));
  }

  /**
   * @param {import("../directory.js").Doctor} doctor
   * @param {Day[]} days
   * @param {Booking[]} bookings
   */
  function draw(doctor, days, bookings) {
    const about = whom(doctor);
    title.textContent = `${about.name}, ${dateText(days[0].date, "numbers")} – ${dateText(days[6].date, "numbers")}`;
    const columns = days.map((day) => {
      const isToday = day.date === today(about.zone);
      const length = lengthOf(day.date, about.zone);
      return {
        key: day.date,
        label: dateText(day.date),
        zone: about.zone,
        date: day.date,
        isWhole: can.seeWhy(),
        openings: day.openings,
        items: itemsOf(day, bookings),
        doctor: about,
        head: [
          el(
            "a",
            {
              href: link("day", { date: day.date, type: now.type }),
              "data-chip": true,
              "data-key": `day ${day.date}`,
              tabindex: -1,
              "aria-current": isToday ? "date" : null,
            },
            dateText(day.date, "short"),
          ),
          isToday ? el("span", { class: "of" }, text("today")) : null,
          length === null ? null : el("span", { class: "shift" }, length),
          el("span", { class: day.freeCount > 0 ? "count" : "why" }, freeOrWhy(day.freeCount, day.reason ?? null)),
          waitHere(day, about.id, now.type),
          can.seePatientsOf(about.id)
            ? el(
                "a",
                {
                  class: "sheet",
                  href: link("sheet", { doctor: about.id, date: day.date }),
                  "data-chip": true,
                  "data-key": `sheet ${day.date}`,
                  tabindex: -1,
                },
                text("sheet"),
              )
            : null,
        ],
      };
    });
    const hours = hoursLink(about.id);
    refill(
      board,
      hours === null
        ? null
        : el("p", { class: "noprint" }, el("a", { href: hours, "data-key": "hours" }, text("editHours"))),
      isElsewhere(about.zone)
        ? el("p", { class: "hint" }, text("twoZones", { zone: about.zone, own: viewerZone }))
        : null,
      hourTable(`${text("week")}, ${title.textContent}`, columns, (item) => actOn(item, about, now.type)),
    );
    if (isNew) scrollToNow(board);
    isNew = false;
    if (now.at !== "") leadTo(board, now.at);
    now = { ...now, at: "" };
  }

  /** @param {HTMLElement} message */
  const fail = (message) => refill(board, message);

  return {
    title,
    show(params) {
      const before = now;
      now = chosen(params);
      isNew = before === undefined || weekOf(before.date) !== weekOf(now.date);
      controls.show(now);
      work.run(readWeek, fail);
    },
    update({ all, doctors }) {
      if (all || doctors.has(now.doctor)) work.run(readWeek, above(board));
    },
    stop: work.stop,
  };
}
