// @ts-check
//
// A day of all doctors, side by side.

import { read, readAll } from "../ask.js";
import { fullName } from "../directory.js";
import { el, focusKey, heard, refill } from "../dom.js";
import { hoursLink } from "../hours/frame.js";
import { link } from "../route.js";
import { say } from "../say.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { dateText, isElsewhere, plusDays, viewerZone } from "../time.js";
import { actOn } from "./act.js";
import { chosen, filters, isOtherSearch } from "./filters.js";
import { hourTable, legend } from "./grid.js";
import { itemsOf } from "./items.js";
import { bookByHand, waitHere } from "./instead.js";
import { freeOrWhy, lengthOf } from "./reason.js";
import { leadTo, scrollToNow } from "./lead.js";
import { above, reading, waiting } from "./reading.js";

/** @typedef {import("../api").components["schemas"]["DoctorDay"]} DoctorDay */
/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("./filters.js").Chosen} Chosen */
/** @typedef {import("../views.js").View} View */

/** With how many doctors at once it is quicker to ask for each than for all. */
const FEW = 3;

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function dayView(host) {
  const controls = filters({
    view: "day",
    byDoctor: false,
    step: (date, way) => plusDays(date, way),
    beyond: (date) => plusDays(date, 1),
  });
  const title = el("h2", { tabindex: -1, "aria-live": "polite" });
  const board = el("div", { class: "board" }, waiting());
  host.replaceChildren(controls.element, title, board, bookByHand(() => now), legend());

  const work = reading(board);
  /** @type {Chosen} */
  let now;
  /** Whether what is shown next is of other dates than before. */
  let isNew = true;
  /** Whether somebody waits to hear what was found. */
  let isSearched = false;
  /** @type {DoctorDay[]} */
  let doctors = [];
  /** @type {string | undefined} */
  let more;
  /** @type {Map<string, Booking[]>} */
  let bookings = new Map();
  /** Whether everything has been read once, for this date and these filters. */
  let isComplete = false;
  /** Whose day has changed and is not read anew yet. @type {Set<string>} */
  const changed = new Set();

  const query = () => ({ date: now.date, specialty: now.specialty, q: now.q, visitType: now.type, limit: 50 });

  /** @param {AbortSignal} signal */
  async function readBoard(signal) {
    const page = await read("/board", query(), signal);
    doctors = page.items;
    more = page.nextCursor;
    draw();
    if (isSearched) say(found());
    isSearched = false;
    // Only now, so that the first screen does not wait for them.
    controls.offer();
    await readBookings(signal);
    changed.clear();
    isComplete = true;
  }

  /** What was found, in words. */
  function found() {
    const count = `${doctors.length}${more === undefined ? "" : "+"}`;
    return text(count === "0" ? "noDoctors" : count === "1" ? "oneDoctor" : "someDoctors", { count });
  }

  /** @param {AbortSignal} signal */
  async function readBookings(signal) {
    if (!can.advance()) return;
    /** @type {Booking[]} */
    const all = await readAll("/bookings", { from: now.date, to: now.date }, signal);
    bookings = grouped(all);
    draw();
  }

  /** @param {AbortSignal} signal */
  async function readChanged(signal) {
    const { date, type } = now;
    await Promise.all(
      [...changed].map(async (id) => {
        const [{ days }, own] = await Promise.all([
          read(`/doctors/${id}/availability`, { date, visitType: type }, signal),
          can.seePatientsOf(id) ? readAll("/bookings", { doctorId: id, from: date, to: date }, signal) : [],
        ]);
        bookings.set(id, own);
        for (const shown of doctors) if (shown.doctorId === id) shown.day = days[0];
        changed.delete(id);
      }),
    );
    draw();
  }

  async function readMore() {
    await work.run(
      async (signal) => {
        const page = await read("/board", { ...query(), cursor: more }, signal);
        doctors = [...doctors, ...page.items];
        more = page.nextCursor;
        draw();
        // What was chosen is not there any more; what has come is.
        if (page.items.length > 0) focusKey(board, `week ${page.items[0].doctorId}`);
      },
      (message) => board.append(message),
    );
  }

  function draw() {
    title.textContent = dateText(now.date);
    if (doctors.length === 0) {
      refill(board, el("p", {}, text("noDoctors")));
      return;
    }
    const columns = doctors.map((one) => {
      const doctor = { id: one.doctorId, name: fullName(one), zone: one.timeZone, types: one.visitTypes ?? null };
      const { day } = one;
      const length = lengthOf(day.date, doctor.zone);
      return {
        key: doctor.id,
        label: doctor.name,
        zone: doctor.zone,
        date: day.date,
        isWhole: one.isWhole,
        openings: day.openings,
        items: itemsOf(day, bookings.get(doctor.id) ?? []),
        doctor,
        head: [
          el(
            "a",
            {
              href: link("week", { doctor: doctor.id, date: day.date, type: now.type }),
              "data-chip": true,
              "data-key": `week ${doctor.id}`,
              tabindex: -1,
            },
            doctor.name,
            " ",
            heard(text("theWeek")),
          ),
          el("span", { class: "of" }, one.specialty),
          isElsewhere(doctor.zone) ? el("span", { class: "zone" }, breakable(doctor.zone)) : null,
          length === null ? null : el("span", { class: "shift" }, length),
          el("span", { class: day.freeCount > 0 ? "count" : "why" }, freeOrWhy(day.freeCount, day.reason ?? null)),
          waitHere(day, doctor.id, now.type),
          can.seePatientsOf(doctor.id)
            ? el(
                "a",
                {
                  class: "sheet",
                  href: link("sheet", { doctor: doctor.id, date: day.date }),
                  "data-chip": true,
                  "data-key": `sheet ${doctor.id}`,
                  tabindex: -1,
                },
                text("sheet"),
              )
            : null,
          hoursOf(doctor.id),
        ],
      };
    });
    const elsewhere = doctors.some(({ timeZone }) => isElsewhere(timeZone));
    refill(
      board,
      elsewhere ? el("p", { class: "hint" }, text("ownClocks", { zone: viewerZone })) : null,
      hourTable(`${text("dayBoard")}, ${dateText(now.date)}`, columns, (item, { doctor }) =>
        actOn(item, doctor, now.type),
      ),
      more === undefined
        ? null
        : el(
            "button",
            { type: "button", class: "plain", "data-key": "more", on: { click: readMore } },
            text("moreDoctors"),
          ),
    );
    if (isNew) scrollToNow(board);
    isNew = false;
    if (now.at !== "") leadTo(board, now.at);
    now = { ...now, at: "" };
  }

  /** @param {HTMLElement} message */
  const fail = (message) => {
    title.textContent = dateText(now.date);
    refill(board, message);
  };

  return {
    title,
    show(params) {
      const before = now;
      now = chosen(params);
      controls.show(now);
      isNew = before === undefined || before.date !== now.date;
      isSearched = isOtherSearch(before, now);
      if (isNew) bookings = new Map();
      if (before === undefined) title.textContent = dateText(now.date);
      isComplete = false;
      work.run(readBoard, fail);
    },
    update({ all, doctors: news }) {
      for (const { doctorId } of doctors) if (news.has(doctorId)) changed.add(doctorId);
      // Somebody who is not on the board may have to come onto it.
      const isMissing = [...news].some((id) => !doctors.some(({ doctorId }) => doctorId === id));
      const isNarrowed = now.q !== "" || now.specialty !== "" || now.type !== "" || more !== undefined;
      if (all || !isComplete || changed.size > FEW || (isMissing && !isNarrowed)) {
        work.run(readBoard, above(board));
      } else if (changed.size > 0) {
        work.run(readChanged, () => work.run(readBoard, above(board)));
      }
    },
    stop: work.stop,
  };
}

/** @param {string} doctor */
function hoursOf(doctor) {
  const href = hoursLink(doctor);
  const about = { class: "sheet", "data-chip": true, "data-key": `hours ${doctor}`, tabindex: -1 };
  return href === null ? null : el("a", { ...about, href }, text("hours-short"));
}

/**
 * The name of a zone, which may go on in the next line after each of its parts.
 *
 * @param {string} zone
 */
const breakable = (zone) => zone.split("/").flatMap((part, index) => (index === 0 ? [part] : ["/", el("wbr"), part]));

/** @param {Booking[]} all */
function grouped(all) {
  /** @type {Map<string, Booking[]>} */
  const groups = new Map();
  for (const one of all) groups.set(one.doctorId, [...(groups.get(one.doctorId) ?? []), one]);
  return groups;
}
