// @ts-check
//
// What is free, as a plain list: the earliest first, of all doctors who are meant.

import { read } from "../ask.js";
import { allDoctors, fullName, whom } from "../directory.js";
import { el, refill } from "../dom.js";
import { say } from "../say.js";
import { text } from "../texts.js";
import { dateText, isElsewhere, here, plusDays, wall } from "../time.js";
import { waitButton } from "../waitlist/wait.js";
import { actOn } from "./act.js";
import { chosen, filters, isOtherSearch } from "./filters.js";
import { chip } from "./grid.js";
import { leadTo } from "./lead.js";
import { above, reading, waiting } from "./reading.js";

/** @typedef {import("../api").components["schemas"]["FreeSlot"]} FreeSlot */
/** @typedef {import("../directory.js").Doctor} Doctor */
/** @typedef {import("./filters.js").Chosen} Chosen */
/** @typedef {import("../views.js").View} View */

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
  const title = el("h2", { tabindex: -1, "aria-live": "polite" }, text("view-list"));
  const board = el("div", { class: "board" }, waiting());
  host.replaceChildren(controls.element, title, board);
  const work = reading(board);
  /** @type {Chosen} */
  let now;
  let limit = SOME;
  /** Whether somebody waits to hear what was found. */
  let isSearched = false;

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
    if (words.length > 0 && ids.length === 0) {
      if (isSearched) say(text("noDoctors"));
      return refill(board, el("p", {}, text("noDoctors")));
    }
    const { items } = await read(
      "/availability",
      { from: date, to: plusDays(date, DAYS - 1), specialty, visitType: type, doctorId: ids, limit },
      signal,
    );
    draw(items, new Map(doctors.map((doctor) => [doctor.id, doctor])), ids.length === 1 ? ids[0] : "");
    if (isSearched) say(found(items.length));
    isSearched = false;
    controls.offer();
  }

  /**
   * What was found, in words.
   *
   * @param {number} count
   */
  const found = (count) =>
    text(count === 0 ? "noFreeHere" : count === 1 ? "oneFree" : "someFree", { count: `${count}${count === limit ? "+" : ""}` });

  /**
   * @param {FreeSlot[]} slots
   * @param {Map<string, Doctor>} doctors
   * @param {string} only whose they are, where they can be only one doctor's
   */
  function draw(slots, doctors, only) {
    if (slots.length === 0) {
      const { date, specialty, type } = now;
      const wait = waitButton({ from: date, specialty, visitType: type, doctorId: only });
      return refill(board, el("p", {}, text("noFreeHere")), wait);
    }
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
    if (now.at !== "") leadTo(board, now.at);
    now = { ...now, at: "" };
  }

  async function more() {
    const before = board.querySelectorAll(".chip").length;
    limit = MOST;
    await work.run(readList, fail);
    const next = board.querySelectorAll(".chip")[before];
    // What was chosen is not there any more; what has come is.
    if (next instanceof HTMLElement) next.focus();
  }

  /** @param {HTMLElement} message */
  const fail = (message) => refill(board, message);

  return {
    title,
    show(params) {
      const before = now;
      now = chosen(params);
      isSearched = isOtherSearch(before, now);
      limit = SOME;
      controls.show(now);
      work.run(readList, fail);
    },
    update() {
      work.run(readList, above(board));
    },
    stop: work.stop,
  };
}
