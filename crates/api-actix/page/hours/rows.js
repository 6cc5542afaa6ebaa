// @ts-check
//
// The windows of one day as fields: the exact way, and what a refusal points at.

import { el, heard, refill } from "../dom.js";
import { text } from "../texts.js";
import { DAY, minutesOf, stretchOf, windowText, written } from "./windows.js";

/** @typedef {import("./windows.js").Shift} Shift */
/** @typedef {{ field: "start" | "end" | "", why: string }} Fault What is wrong with a window, and with which of its times. */
/**
 * @typedef {object} Rows
 * @property {string} label whose windows, which is heard with every field
 * @property {Shift[]} shifts
 * @property {Map<string, Fault[]>} faults by the key of the window
 * @property {(shift: Shift) => void} changed
 * @property {(shift: Shift) => void} remove
 */

/**
 * Shows them in a list. What is typed goes into the windows themselves.
 *
 * @param {HTMLElement} list
 * @param {Rows} rows
 */
export function showRows(list, { label, shifts, faults, changed, remove }) {
  /** @param {number} index */
  const which = (index) => `${label}, ${text("windowNumber", { number: String(index + 1) })}`;
  refill(list, ...shifts.map((shift, index) => row(shift, which(index))));

  /**
   * @param {Shift} shift
   * @param {string} which
   */
  function row(shift, which) {
    const wrong = faults.get(shift.key) ?? [];
    const told = el("p", { class: "error", id: `${shift.key}-error` }, wrong.map(({ why }) => why).join(" "));
    const night = el("span", { class: "of" }, nightOf(shift));
    /** @param {"start" | "end"} name */
    const field = (name) => {
      const input = el("input", {
        value: shift[name],
        maxlength: 8,
        inputmode: "numeric",
        autocomplete: "off",
        spellcheck: "false",
        "aria-label": `${which}, ${text(name === "start" ? "windowStart" : "windowEnd")}`,
        "aria-describedby": `${told.id} time-hint`,
        "aria-invalid": wrong.some((fault) => fault.field === name || fault.field === "") ? "true" : null,
        "data-key": `${shift.key} ${name}`,
        "data-own": true,
      });
      input.addEventListener("change", () => {
        const minutes = minutesOf(input.value);
        if (minutes !== null) input.value = written(name === "start" && minutes === DAY ? 0 : minutes);
        shift[name] = input.value.trim();
        night.textContent = nightOf(shift);
        changed(shift);
      });
      // Not only once it is left: what goes away then would move a button from under the pointer.
      input.addEventListener("input", () => {
        faults.delete(shift.key);
        told.textContent = "";
        for (const one of item.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
        night.textContent = nightOf({ ...shift, [name]: input.value });
      });
      return input;
    };
    const item = el(
      "li",
      {},
      el(
        "div",
        { class: "row" },
        field("start"),
        el("span", { "aria-hidden": "true" }, "–"),
        field("end"),
        el(
          "button",
          {
            type: "button",
            class: "plain",
            "data-key": `${shift.key} remove`,
            title: text("removeWindow"),
            on: { click: () => remove(shift) },
          },
          el("span", { "aria-hidden": "true" }, "✕"),
          heard(`${text("removeWindow")}: ${which}, ${windowText(shift)}`),
        ),
        night,
      ),
      told,
    );
    return item;
  }
}

/** @param {{ start: string, end: string }} shift */
const nightOf = (shift) => ((stretchOf(shift)?.to ?? 0) > DAY ? text("untilNextDay") : "");

/**
 * Which windows a refusal points at, where it tells of windows at all.
 *
 * @param {Map<string, string>} wrong what is wrong, in words, by where: `weekly/monday/0/end`, `windows/0`
 * @param {(place: string) => Shift[]} shiftsAt the windows as they were sent, by what stands before their number
 * @returns {Map<string, Fault[]>}
 */
export function faultsOf(wrong, shiftsAt) {
  /** @type {Map<string, Fault[]>} */
  const faults = new Map();
  for (const [pointer, why] of wrong) {
    const [, place, index, field = ""] = /^(.*?)\/(\d+)(?:\/(start|end))?$/.exec(pointer) ?? [];
    const shift = place === undefined ? undefined : shiftsAt(place)[Number(index)];
    if (shift === undefined) continue;
    const fault = { field: /** @type {Fault["field"]} */ (field), why };
    faults.set(shift.key, [...(faults.get(shift.key) ?? []), fault]);
  }
  return faults;
}
