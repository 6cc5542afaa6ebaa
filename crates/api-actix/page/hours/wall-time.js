// @ts-check
//
// A date and a time on the doctor's clock, as one instant. A time that comes twice needs a choice of which of the two is meant;
// one that the clocks skip is none.

import { el, labelled } from "../dom.js";
import { text } from "../texts.js";
import { dateText, instantsAt, offsetText, wall } from "../time.js";
import { DAY, clockText, minutesOf, written } from "./windows.js";

/** How far midnight can be away where the clocks skip it: minutes. */
const SKIPPED = 180;

let fields = 0;

/** @param {{ date: string, time: string }} labels */
export function wallTime(labels) {
  fields += 1;
  const name = `which-${fields}`;
  let zone = "UTC";
  const date = el("input", { type: "date", required: true });
  const time = el("input", { maxlength: 8, inputmode: "numeric", autocomplete: "off", spellcheck: "false", value: "00:00" });
  const trouble = el("p", { class: "error", id: `${name}-error`, role: "alert" });
  for (const field of [date, time]) field.setAttribute("aria-describedby", trouble.id);
  const timeField = labelled(labels.time, time);
  const twice = el("div");
  let which = "";

  /** @param {string} [why] */
  function complain(why = "", field = time) {
    trouble.textContent = why;
    for (const one of [date, time]) one.ariaInvalid = String(why !== "" && one === field);
    if (why !== "") field.focus();
  }

  /** Which instants the fields mean; null: they mean none. */
  function meant() {
    const minutes = minutesOf(time.value);
    return date.value === "" || minutes === null ? null : instantsAt(date.value, minutes, zone);
  }

  function offer() {
    const both = meant() ?? [];
    if (both.length < 2) {
      which = "";
      return twice.replaceChildren();
    }
    if (!both.includes(which)) which = "";
    const at = { time: clockText(minutesOf(time.value) ?? 0), date: dateText(date.value) };
    twice.replaceChildren(
      el(
        "fieldset",
        {},
        el("legend", {}, text("comesTwice", at)),
        both.map((instant, index) => {
          const radio = el("input", { type: "radio", name, value: instant, checked: instant === which });
          radio.addEventListener("change", () => {
            which = instant;
            complain();
          });
          const offset = offsetText(wall(instant).offset);
          return el("label", { class: "option" }, radio, text(index === 0 ? "firstOfTwo" : "secondOfTwo", { offset }));
        }),
      ),
    );
  }
  // While it is typed, and not once it is left: what goes away then would move a button from under the pointer.
  for (const field of [date, time]) {
    field.addEventListener("input", () => {
      complain();
      offer();
    });
  }
  time.addEventListener("change", () => {
    const minutes = minutesOf(time.value);
    if (minutes !== null) time.value = written(minutes);
  });

  return {
    element: el(
      "div",
      { class: "wall-time" },
      el("div", { class: "dates" }, labelled(labels.date, date), timeField),
      twice,
      trouble,
    ),
    date,
    timeField,
    offer,
    complain,
    /** @param {string} where the zone of the doctor's clock */
    hangs(where) {
      zone = where;
      offer();
    },
    clear() {
      date.value = "";
      time.value = "00:00";
      complain();
      offer();
    },

    /** The instant that is meant; null: none is, which it has said. */
    instant() {
      complain();
      const minutes = minutesOf(time.value);
      if (date.value === "") return complain(text("chooseDate"), date), null;
      if (minutes === null) return complain(text("code-invalid-time")), null;
      const all = instantsAt(date.value, minutes, zone);
      if (all === null) return complain(text("zoneUnknown", { zone })), null;
      const at = { time: clockText(minutes), date: dateText(date.value) };
      if (all.length === 0) return complain(text("isSkipped", at)), null;
      if (all.length === 1) return all[0];
      if (which !== "") return which;
      offer();
      trouble.textContent = text("chooseWhich", at);
      twice.querySelector("input")?.focus();
      return null;
    },

    /**
     * When the date begins, or, of the last of several, when it has ended; null: no date was given, which it has said.
     *
     * @param {"start" | "end"} edge
     */
    edgeOfDay(edge) {
      complain();
      if (date.value === "") return complain(text("chooseDate"), date), null;
      // Where midnight is skipped, the day begins with the first time that is shown.
      for (let minutes = edge === "start" ? 0 : DAY, left = SKIPPED; left > 0; minutes += 1, left -= 1) {
        const all = instantsAt(date.value, minutes, zone);
        if (all === null) return complain(text("zoneUnknown", { zone })), null;
        if (all.length > 0) return all[0];
      }
      return complain(text("chooseDate"), date), null;
    },
  };
}
