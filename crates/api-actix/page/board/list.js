// @ts-check
//
// What is free, as a plain list: the earliest first, of all doctors who are meant.

import { read } from "../ask.js";
import { allDoctors, fullName, whom } from "../directory.js";
import { el, refill } from "../dom.js";
import { text } from "../texts.js";
import { dateText, isElsewhere, here, plusDays, wall } from "../time.js";
import { actOn } from "./act.js";
import { chosen, filters } from "./filters.js";
import { chip } from "./grid.js";
import { reading, waiting } from "./reading.js";

/** @typedef {import("../api").components["schemas"]["FreeSlot"]} FreeSlot */
/** @typedef {import("../directory.js").Doctor} Doctor */
/** @typedef {import("./filters.js").Chosen} Chosen */
/** @typedef {import("../app.js").View} View */

/** How many days are listed, and how many slots at first. */
const DAYS = 14;
const SOME = 50;
const MOST = 200;

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function listView(host) {
  const controls = filters({
    view: "list",
    byDoctor: false,
    step: (date, way) => plusDays(date, DAYS * way),
    beyond: (date) => plusDays(date, DAYS),
  });
  const title = el("h2", { tabindex: -1 });
  const board = el("div", { class: "board" }, waiting());
  host.replaceChildren(controls.element, title, board);
  const work = reading(board);
  /** @type {Chosen} */
  let now;
  let limit = SOME;

  /** @param {AbortSignal} signal */
  async function readList(signal) {
    const { date, specialty, q, type } = now;
    const doctors = await allDoctors();
    const words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const meant = doctors.filter((one) => words.every((word) => fullName(one).toLocaleLowerCase().includes(word)));
    // So many can be named in one search.
    const ids = words.length === 0 ? [] : meant.slice(0, 50).map(({ id }) => id);
    title.textContent = text("freeFrom", {
      from: dateText(date, "numbers"),
      to: dateText(plusDays(date, DAYS - 1), "numbers"),
    });
    if (words.length > 0 && ids.length === 0) return refill(board, el("p", {}, text("noDoctors")));
    const { items } = await read(
      "/availability",
      { from: date, to: plusDays(date, DAYS - 1), specialty, visitType: type, doctorId: ids, limit },
      signal,
    );
    draw(items, new Map(doctors.map((doctor) => [doctor.id, doctor])));
    controls.offer();
  }

  /**
   * @param {FreeSlot[]} slots
   * @param {Map<string, Doctor>} doctors
   */
  function draw(slots, doctors) {
    if (slots.length === 0) return refill(board, el("p", {}, text("noFreeHere")));
    /** @type {Map<string, HTMLElement[]>} */
    const dates = new Map();
    for (const slot of slots) {
      const doctor = doctors.get(slot.doctorId);
      if (doctor === undefined) continue;
      const date = wall(slot.start).date;
      const about = whom(doctor);
      const item = { ...slot, state: /** @type {const} */ ("free"), booking: null };
      const shown = chip(item, { key: doctor.id, label: about.name, zone: about.zone }, actOn(item, about, now.type));
      shown.removeAttribute("tabindex");
      const line = el(
        "li",
        {},
        shown,
        el("span", { class: "who" }, `${about.name} · ${doctor.specialty}`),
        isElsewhere(about.zone)
          ? el("span", { class: "zone" }, text("hereIs", { zone: about.zone, time: here(slot.start) }))
          : null,
      );
      dates.set(date, [...(dates.get(date) ?? []), line]);
    }
    const sections = [...dates].map(([date, lines]) =>
      el("section", { class: "date" }, el("h3", {}, dateText(date)), el("ul", { class: "slots" }, lines)),
    );
    const hasMore = slots.length === limit && limit < MOST;
    refill(
      board,
      ...sections,
      hasMore
        ? el("button", { type: "button", class: "plain", "data-key": "more", on: { click: more } }, text("more"))
        : el("p", { class: "hint" }, text(slots.length === MOST ? "listEnds" : "listWhole")),
    );
  }

  function more() {
    limit = MOST;
    work.run(readList, fail);
  }

  /** @param {HTMLElement} message */
  const fail = (message) => refill(board, message);

  return {
    title,
    show(params) {
      now = chosen(params);
      limit = SOME;
      controls.show(now);
      work.run(readList, fail);
    },
    update() {
      work.run(readList, fail);
    },
    stop: work.stop,
  };
}
