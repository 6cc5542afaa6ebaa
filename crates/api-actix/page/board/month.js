// @ts-check
//
// A month of one doctor: how much is free on each date, the more the stronger, and in numbers.

import { read } from "../ask.js";
import { doctorOf, whom } from "../directory.js";
import { el, focusKey, heard, refill } from "../dom.js";
import { link } from "../route.js";
import { text } from "../texts.js";
import { dateText, isElsewhere, plusDays, plusMonths, today, viewerZone, wall, weekOf } from "../time.js";
import { anyDoctor } from "./anybody.js";
import { chosen, filters } from "./filters.js";
import { walkable } from "./grid.js";
import { above, reading, waiting } from "./reading.js";
import { freeOrWhy, lengthOf } from "./reason.js";

/** @typedef {import("../api").components["schemas"]["DaySummary"]} DaySummary */
/** @typedef {import("./filters.js").Chosen} Chosen */
/** @typedef {import("../views.js").View} View */

/** How many steps of strength there are, besides none. */
const STEPS = 4;

/** @param {string} date */
const firstOf = (date) => `${date.slice(0, 8)}01`;

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function monthView(host) {
  const controls = filters({
    view: "month",
    byDoctor: true,
    step: (date, way) => plusMonths(date, way),
    beyond: (date) => firstOf(plusMonths(date, 1)),
  });
  const title = el("h2", { tabindex: -1, "aria-live": "polite" }, text("view-month"));
  const board = el("div", { class: "board" }, waiting());
  host.replaceChildren(controls.element, title, board);
  const work = reading(board);
  /** @type {Chosen} */
  let now;

  /** @param {AbortSignal} signal */
  async function readMonth(signal) {
    if (now.doctor === "") now = { ...now, doctor: await anyDoctor() };
    if (now.doctor === "") return refill(board, el("p", {}, text("noDoctors")));
    controls.show(now);
    const first = firstOf(now.date);
    const from = weekOf(first);
    const to = plusDays(weekOf(plusDays(firstOf(plusMonths(first, 1)), -1)), 6);
    const [doctor, { days }] = await Promise.all([
      doctorOf(now.doctor),
      read(`/doctors/${now.doctor}/availability/summary`, { from, to, visitType: now.type }, signal),
    ]);
    draw(doctor, days);
    controls.offer();
  }

  /**
   * @param {import("../directory.js").Doctor} doctor
   * @param {DaySummary[]} days
   */
  function draw(doctor, days) {
    const { name, zone } = whom(doctor);
    title.textContent = `${name}, ${dateText(now.date, "month")}`;
    const most = Math.max(1, ...days.map(({ free }) => free));
    const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7));
    const table = el(
      "table",
      { class: "month", role: "grid", "aria-label": `${text("month")}, ${title.textContent}` },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          weeks[0].map(({ date }) => el("th", { scope: "col", role: "columnheader" }, dateText(date, "weekday"))),
        ),
      ),
      el(
        "tbody",
        {},
        weeks.map((week) =>
          el(
            "tr",
            {},
            week.map((day) => cell(day, most, doctor.id, zone)),
          ),
        ),
      ),
    );
    walkable(table);
    refill(
      board,
      isElsewhere(zone) ? el("p", { class: "hint" }, text("twoZones", { zone, own: viewerZone })) : null,
      el("div", { class: "scroller", "data-scrolls": true }, table),
    );
    if (now.at !== "") focusKey(board, wall(now.at).date);
    now = { ...now, at: "" };
  }

  /**
   * @param {DaySummary} day
   * @param {number} most
   * @param {string} doctor
   * @param {string} zone
   */
  function cell({ date, free, booked, reason }, most, doctor, zone) {
    const step = free === 0 ? 0 : Math.ceil((free / most) * STEPS);
    const isToday = date === today(zone);
    const isOther = date.slice(0, 7) !== now.date.slice(0, 7);
    const length = lengthOf(date, zone);
    return el(
      "td",
      { role: "gridcell", class: `heat-${step}${isOther ? " other" : ""}` },
      el(
        "a",
        {
          href: link("week", { doctor, date, type: now.type }),
          "data-chip": true,
          "data-key": date,
          tabindex: -1,
          "aria-current": isToday ? "date" : null,
          ...(free > 0 ? { class: "free" } : {}),
        },
        el("span", { class: "day", "aria-hidden": "true" }, dateText(date, isOther ? "dayMonth" : "day")),
        heard(dateText(date)),
        " ",
        el("span", { class: free > 0 ? "count" : "why" }, freeOrWhy(free, reason ?? null)),
        booked ? el("span", { class: "of" }, text("someBooked", { count: String(booked) })) : null,
        length === null ? null : el("span", { class: "shift" }, length),
      ),
    );
  }

  /** @param {HTMLElement} message */
  const fail = (message) => refill(board, message);

  return {
    title,
    show(params) {
      now = chosen(params);
      controls.show(now);
      work.run(readMonth, fail);
    },
    update({ all, doctors }) {
      if (all || doctors.has(now.doctor)) work.run(readMonth, above(board));
    },
    stop: work.stop,
  };
}
