// @ts-check
//
// A doctor, and a time that is written down by hand, on the doctor's clock. It need not be one at which a slot begins.

import { allDoctors, fullName, whom } from "../directory.js";
import { choice, el, labelled } from "../dom.js";
import { minutesOf } from "../hours/windows.js";
import { text } from "../texts.js";
import { instantsAt, isElsewhere, plainTime } from "../time.js";

/** @typedef {import("../directory.js").Whom} Whom */

/**
 * @param {object} first what the fields say at first
 * @param {string} first.doctor an id; nothing: none is chosen yet
 * @param {string} first.date
 * @param {string} [first.time]
 * @param {(doctor: Whom, start: string) => void} take
 */
export function byHand(first, take) {
  const doctor = choice([["", text("choose")]], "");
  const date = el("input", { type: "date", required: true, value: first.date });
  const time = el("input", { type: "time", required: true, value: first.time ?? null });
  const clock = el("p", { class: "hint", role: "status" });
  const fault = el("p", { class: "error", role: "alert" });
  const twice = el("div", { class: "actions" });
  /** @type {Whom[]} */
  let doctors = [];
  const meant = () => doctors.find(({ id }) => id === doctor.value);

  const showClock = () => {
    const zone = meant()?.zone;
    clock.textContent = zone !== undefined && isElsewhere(zone) ? text("doctorsClock", { zone }) : "";
    twice.replaceChildren();
  };
  /**
   * @param {HTMLElement} field
   * @param {string} why
   */
  const complain = (field, why) => {
    fault.textContent = why;
    field.ariaInvalid = "true";
    field.focus();
  };

  function choose() {
    fault.textContent = "";
    twice.replaceChildren();
    for (const field of [doctor, date, time]) field.ariaInvalid = "false";
    const who = meant();
    if (who === undefined) return complain(doctor, text("missingDoctor"));
    if (date.value === "") return complain(date, text("missingDate"));
    const minutes = minutesOf(time.value);
    if (minutes === null) return complain(time, text("chooseTime"));
    const starts = instantsAt(date.value, minutes, who.zone);
    if (starts === null) return complain(doctor, text("zoneUnknown", { zone: who.zone }));
    if (starts.length === 0) return complain(time, text("noSuchTime"));
    if (starts.length === 1) return take(who, starts[0]);
    const buttons = starts.map((start) => {
      const name = plainTime(start, who.zone);
      return el("button", { type: "button", class: "plain", on: { click: () => take(who, start) } }, name);
    });
    twice.replaceChildren(el("p", {}, text("whichOfTwo")), ...buttons);
    buttons[0].focus();
  }

  for (const field of [doctor, date, time]) field.addEventListener("change", showClock);
  for (const field of [date, time]) {
    // Return takes the time; it must not send off the form.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      choose();
    });
  }
  allDoctors()
    .then((all) => {
      doctors = all.map(whom);
      doctor.append(...all.map((one) => el("option", { value: one.id }, `${fullName(one)} · ${one.specialty}`)));
      doctor.value = first.doctor;
      showClock();
    })
    .catch(() => (fault.textContent = text("wrong")));

  const element = el(
    "div",
    { class: "by-hand" },
    labelled(text("doctor"), doctor),
    el("div", { class: "fields" }, labelled(text("date"), date), labelled(text("time"), time)),
    clock,
    fault,
    el("button", { type: "button", class: "plain", on: { click: choose } }, text("takeTime")),
    twice,
  );
  return { element, focus: () => doctor.focus() };
}
