// @ts-check
//
// A week that is edited: drawn above, with the same windows as fields below, and each day copied to others.

import { el, focusKey, heard } from "../dom.js";
import { text } from "../texts.js";
import { openCopy } from "./copy.js";
import { inWords, weekGrid } from "./grid.js";
import { faultsOf, showRows } from "./rows.js";
import { DAYS, dayText, inOrder, nextRoom, shift, shiftsOf, weeklyOf, weekOfWindows, windowsOf } from "./windows.js";
import { written } from "./windows.js";

/** @typedef {import("./rows.js").Fault} Fault */
/** @typedef {import("./windows.js").DayName} DayName */
/** @typedef {import("./windows.js").Shift} Shift */
/** @typedef {import("./windows.js").Stretch} Stretch */
/** @typedef {import("./windows.js").Week} Week */
/** @typedef {import("./windows.js").Weekly} Weekly */

/** @param {() => void} changed */
export function weekEditor(changed) {
  /** @type {Week} */
  let week = weekOfWindows({});
  /** @type {Map<string, Fault[]>} */
  let faults = new Map();
  /** The windows as they were sent, by where a refusal says that they are. @type {Map<string, Shift[]>} */
  let sent = new Map();

  const grid = weekGrid({
    week: () => week,
    isWrong: (key) => faults.has(key),
    add,
    remove,
    put,
    exact: (key) => focusKey(fields, `${key} start`),
  });
  const told = el("p", { class: "heard", role: "status" });
  const lists = new Map(DAYS.map((day) => [day, el("ul", { class: "rows" })]));
  const fields = el("div", { class: "days" }, DAYS.map(dayFields));
  const element = el(
    "div",
    { class: "drawn-hours" },
    grid.element,
    el("details", {}, el("summary", {}, text("howToDraw")), el("p", { class: "hint", id: "week-keys" }, text("weekKeys"))),
    el("h3", {}, text("exactTimes")),
    el("p", { class: "hint", id: "time-hint" }, text("timeHint")),
    fields,
    told,
  );

  /** @param {DayName} day */
  function dayFields(day) {
    /**
     * @param {"add" | "copy"} what
     * @param {string} name
     * @param {() => void} act
     */
    const button = (what, name, act) =>
      el(
        "button",
        { type: "button", class: "plain", "data-key": `${what} ${day} exactly`, on: { click: act } },
        name,
        " ",
        heard(dayText(day)),
      );
    return el(
      "fieldset",
      {},
      el("legend", {}, dayText(day)),
      /** @type {HTMLElement} */ (lists.get(day)),
      el(
        "div",
        { class: "actions" },
        button("add", text("addWindow"), () => {
          const key = add(day);
          if (key !== null) focusKey(fields, `${key} start`);
        }),
        button("copy", text("copyEllipsis"), () =>
          openCopy(day, (days) => {
            for (const other of days) week[other] = shiftsOf(windowsOf(inOrder(week[day])));
            edited(text("copied", { day: dayText(day), days: days.map((other) => dayText(other)).join(", ") }));
          }),
        ),
      ),
    );
  }

  /** @param {string} [said] */
  function edited(said = "") {
    draw();
    told.textContent = said;
  }

  function draw() {
    grid.draw();
    for (const day of DAYS) {
      showRows(/** @type {HTMLElement} */ (lists.get(day)), {
        label: dayText(day),
        shifts: inOrder(week[day]),
        faults,
        changed: () => {
          changed();
          // Only once the focus is where it goes: that may be to what is drawn anew.
          setTimeout(() => grid.isBusy() || grid.draw(), 0);
        },
        remove: (one) => remove(day, one.key),
      });
    }
    changed();
  }

  /**
   * @param {DayName} day
   * @param {Stretch} [stretch]
   */
  function add(day, stretch) {
    const room = stretch ?? nextRoom(week, day);
    if (room === null) {
      told.textContent = text("noRoom", { day: dayText(day) });
      return null;
    }
    const fresh = shift(written(room.from), written(room.to));
    week[day] = [...week[day], fresh];
    edited(text("added", { window: inWords(day, fresh) }));
    grid.focus(fresh.key);
    return fresh.key;
  }

  /**
   * @param {DayName} day
   * @param {string} key
   */
  function remove(day, key) {
    const order = inOrder(week[day]);
    const index = order.findIndex((one) => one.key === key);
    if (index < 0) return;
    const inFields = fields.contains(document.activeElement);
    week[day] = week[day].filter((one) => one.key !== key);
    faults.delete(key);
    const next = order[index + 1] ?? order[index - 1];
    edited(text("removed", { window: inWords(day, order[index]) }));
    if (next === undefined) focusKey(element, inFields ? `add ${day} exactly` : `add ${day}`);
    else if (inFields || !grid.focus(next.key)) focusKey(fields, `${next.key} remove`);
  }

  /**
   * @param {DayName} day
   * @param {string} key
   * @param {DayName} at
   * @param {Stretch} stretch
   */
  function put(day, key, at, stretch) {
    const found = week[day].find((one) => one.key === key);
    if (found === undefined) return;
    Object.assign(found, { start: written(stretch.from), end: written(stretch.to) });
    faults.delete(key);
    week[day] = week[day].filter((one) => one !== found);
    week[at] = [...week[at], found];
    edited(inWords(at, found));
    grid.focus(key);
  }

  return {
    element,
    isBusy: grid.isBusy,
    end: grid.end,
    /** @param {Weekly} weekly */
    set(weekly) {
      week = weekOfWindows(weekly);
      faults = new Map();
      edited();
    },
    /** As it would be sent. */
    json: () => JSON.stringify(weeklyOf(week)),
    /** As it is sent. */
    send() {
      faults = new Map();
      sent = new Map(DAYS.map((day) => [`weekly/${day}`, inOrder(week[day])]));
      draw();
      return weeklyOf(week);
    },
    /**
     * Marks the windows that were refused.
     *
     * @param {Map<string, string>} wrong what is wrong, by where
     * @returns {boolean} whether any window was
     */
    refuse(wrong) {
      faults = faultsOf(wrong, (place) => sent.get(place) ?? []);
      if (faults.size === 0) return false;
      draw();
      const first = fields.querySelector('[aria-invalid="true"]');
      if (first instanceof HTMLElement) first.focus();
      return true;
    },
  };
}
