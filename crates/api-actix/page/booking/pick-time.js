// @ts-check
//
// Finds another time for a visit: a doctor, a date, and what is free then for visits of its type. Whoever may set rules aside
// can write a time down by hand as well.

import { read } from "../ask.js";
import { freeOrWhy } from "../board/reason.js";
import { allDoctors, doctorOf, fullName, whom } from "../directory.js";
import { choice, el, labelled } from "../dom.js";
import { inWords } from "../problems.js";
import { text } from "../texts.js";
import { isElsewhere, plainTime, plusDays, today, viewerZone, wall } from "../time.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("../api").components["schemas"]["Slot"]} Slot */

/**
 * @param {Booking} booking
 * @param {() => void} changed something else is picked, or nothing any more
 */
export function pickTime(booking, changed) {
  const type = booking.visitType ?? "";
  const first = wall(booking.start).date;
  const now = today(booking.timeZone);
  const doctor = choice([[booking.doctorId, "…"]], booking.doctorId);
  const date = el("input", { type: "date", required: true, value: first < now ? now : first });
  const times = el("div", { class: "times", role: "radiogroup", "aria-label": text("freeTimes") });
  const told = el("p", { class: "hint", role: "status" });
  const clock = el("p", { class: "hint" });
  /** @type {string} */
  let picked = "";

  /**
   * @param {number} days
   * @param {string} name
   * @param {string} sign
   */
  const step = (days, name, sign) =>
    el(
      "button",
      {
        type: "button",
        class: "plain",
        "aria-label": name,
        title: name,
        on: {
          click: () => {
            date.value = plusDays(date.value || first, days);
            look();
          },
        },
      },
      sign,
    );

  let asked = 0;
  async function look() {
    const mine = (asked += 1);
    const before = picked;
    picked = "";
    if (date.value === "") return;
    try {
      const query = { date: date.value, visitType: type, status: "free" };
      const [{ zone }, { days }] = await Promise.all([
        doctorOf(doctor.value).then(whom),
        read(`/doctors/${doctor.value}/availability`, query),
      ]);
      if (mine !== asked) return;
      const { slots, freeCount, reason } = days[0];
      times.replaceChildren(
        ...slots.map((/** @type {Slot} */ { start }) => {
          const radio = el("input", { type: "radio", name: "start", value: start, checked: start === before });
          radio.addEventListener("change", () => {
            picked = start;
            changed();
          });
          if (start === before) picked = start;
          return el("label", { class: "option" }, radio, plainTime(start, zone));
        }),
      );
      told.textContent = freeOrWhy(freeCount, reason ?? null);
      clock.textContent = isElsewhere(zone) ? text("twoZones", { zone, own: viewerZone }) : "";
    } catch (error) {
      if (mine !== asked) return;
      times.replaceChildren();
      told.textContent = inWords(error);
    }
    if (picked !== before) changed();
  }
  date.addEventListener("change", look);
  doctor.addEventListener("change", look);

  async function offerDoctors() {
    const all = await allDoctors();
    const offering = all.filter(
      ({ id, visitTypes }) => id === booking.doctorId || !type || visitTypes === null || visitTypes.includes(type),
    );
    doctor.replaceChildren(
      ...offering.map((one) => el("option", { value: one.id }, `${fullName(one)} · ${one.specialty}`)),
    );
    if (!offering.some(({ id }) => id === booking.doctorId)) {
      // One who takes no bookings any more.
      doctor.append(el("option", { value: booking.doctorId }, fullName(await doctorOf(booking.doctorId))));
    }
    doctor.value = booking.doctorId;
  }
  offerDoctors().catch(() => {});
  look();

  return {
    element: el(
      "div",
      {},
      labelled(text("doctor"), doctor),
      el(
        "div",
        { class: "dates" },
        step(-1, text("earlier"), "‹"),
        labelled(text("date"), date),
        step(1, text("later"), "›"),
      ),
      clock,
      times,
      told,
    ),
    look,
    focus: () => date.focus(),
    /** Where to, as far as that is picked. */
    picked: () => (picked === "" ? null : { doctorId: doctor.value, start: picked }),
    doctorId: () => doctor.value,
    date: () => date.value,
    /** It was another one after all. */
    forget() {
      picked = "";
      for (const radio of times.querySelectorAll("input")) radio.checked = false;
    },
  };
}
