// @ts-check
//
// Moves a visit to another time, with the same doctor or another. It is one step: where it is refused, the old one stays.

import { change, read, Refused } from "../ask.js";
import { allDoctors, doctorOf, fullName, whom } from "../directory.js";
import { choice, el, labelled } from "../dom.js";
import { inWords } from "../problems.js";
import { say } from "../say.js";
import { text } from "../texts.js";
import { dayAndTime, plainTime, plusDays, today, wall } from "../time.js";
import { freeOrWhy } from "../board/reason.js";
import { onSubmit, openDialog } from "./dialog.js";
import { when } from "./when.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("../api").components["schemas"]["Slot"]} Slot */

/**
 * @param {Booking} booking
 * @param {string | null} tag
 * @param {() => void} moved
 */
export async function openMove(booking, tag, moved) {
  let zone = booking.timeZone;
  /** @type {string} */
  let picked = "";
  const type = booking.visitType ?? "";
  const doctor = choice([[booking.doctorId, "…"]], booking.doctorId);
  const first = wall(booking.start).date;
  const date = el("input", { type: "date", required: true, value: first < today(zone) ? today(zone) : first });
  const times = el("div", { class: "times", role: "radiogroup", "aria-label": text("freeTimes") });
  const told = el("p", { class: "hint", role: "status" });
  const trouble = el("p", { class: "error", role: "alert" });
  const others = el("div", { class: "alternatives" });
  const reason = el("input", { maxlength: 500 });
  const submit = el("button", { type: "submit" }, text("move"));
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
  const form = el(
    "form",
    { novalidate: true },
    labelled(text("doctor"), doctor),
    el(
      "div",
      { class: "dates" },
      step(-1, text("earlier"), "‹"),
      labelled(text("date"), date),
      step(1, text("later"), "›"),
    ),
    times,
    told,
    labelled(text("reasonForMove"), reason, text("optional")),
    trouble,
    others,
    el("div", { class: "actions" }, submit),
  );
  const dialog = openDialog(text("moveVisit"), [
    el("p", { class: "lead" }, when(booking.start, booking.end, zone)),
    form,
  ]);

  let asked = 0;
  async function look() {
    const mine = (asked += 1);
    if (date.value === "") return;
    picked = "";
    try {
      const [about, { days }] = await Promise.all([
        doctorOf(doctor.value),
        read(`/doctors/${doctor.value}/availability`, { date: date.value, visitType: type, status: "free" }),
      ]);
      if (mine !== asked) return;
      zone = whom(about).zone;
      const [{ slots, freeCount, reason: why }] = days;
      times.replaceChildren(
        ...slots.map((/** @type {Slot} */ { start }) => {
          const radio = el("input", { type: "radio", name: "start", value: start });
          radio.addEventListener("change", () => (picked = start));
          return el("label", { class: "option" }, radio, plainTime(start, zone));
        }),
      );
      told.textContent = freeOrWhy(freeCount, why ?? null);
    } catch (error) {
      if (mine !== asked) return;
      times.replaceChildren();
      told.textContent = inWords(error);
    }
  }
  date.addEventListener("change", look);
  doctor.addEventListener("change", look);
  allDoctors()
    .then((all) => {
      const offering = all.filter(
        ({ id, visitTypes }) => id === booking.doctorId || !type || visitTypes === null || visitTypes.includes(type),
      );
      doctor.replaceChildren(
        ...offering.map((one) => el("option", { value: one.id }, `${fullName(one)} · ${one.specialty}`)),
      );
      doctor.value = booking.doctorId;
    })
    .catch(() => {});
  look();

  /** @param {string} start */
  async function moveTo(start) {
    const why = reason.value.trim();
    const elsewhere = doctor.value === booking.doctorId ? {} : { doctorId: doctor.value };
    try {
      const now = await change(
        "POST",
        `/bookings/${booking.id}/reschedule`,
        { start, ...elsewhere, ...(why ? { reason: why } : {}) },
        tag,
      );
      dialog.close();
      say(text("moved", { when: dayAndTime(now.start) }));
      moved();
    } catch (error) {
      trouble.textContent = inWords(error);
      const free = error instanceof Refused ? (error.problem.alternatives ?? []) : [];
      others.replaceChildren(
        ...free.map((other) =>
          el("button", { type: "button", class: "plain", on: { click: () => moveTo(other) } }, dayAndTime(other)),
        ),
      );
      look();
    }
  }

  onSubmit(form, async () => {
    trouble.textContent = "";
    others.replaceChildren();
    if (picked === "") trouble.textContent = text("chooseTime");
    else await moveTo(picked);
  });
}
