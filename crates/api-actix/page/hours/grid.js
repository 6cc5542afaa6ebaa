// @ts-check
//
// The week as it is drawn: a column for each day, midnight above and midnight below. Each window is a stop of the Tab key, and
// arrows move it and make it longer or shorter. To those who hear the page it is an application of its own: only so do they
// get at its arrows.

import { el, focusKey, heard, refill } from "../dom.js";
import { text } from "../texts.js";
import { hourText } from "../time.js";
import { drawable, show } from "./draw.js";
import { DAY, DAYS, STEP, clockText, dayAfter, dayText, fits, gapAt, inOrder, stretchOf, windowText } from "./windows.js";

/** @typedef {import("./windows.js").DayName} DayName */
/** @typedef {import("./windows.js").Shift} Shift */
/** @typedef {import("./windows.js").Stretch} Stretch */
/** @typedef {import("./windows.js").Week} Week */
/**
 * @typedef {object} Editing What can be done with the week.
 * @property {() => Week} week
 * @property {(key: string) => boolean} isWrong
 * @property {(day: DayName, stretch?: Stretch) => void} add
 * @property {(day: DayName, key: string) => void} remove
 * @property {(day: DayName, key: string, at: DayName, stretch: Stretch) => void} put
 * @property {(key: string) => void} exact goes to the fields of a window
 */

/**
 * @param {Editing} editing
 */
export function weekGrid(editing) {
  const { week } = editing;
  const grid = el("div", { class: "week-grid", role: "group", "aria-label": text("drawnWeek") });
  const drawing = drawable(grid, {
    week,
    commit: (key, day, at, stretch) => (key === null ? editing.add(day, stretch) : editing.put(day, key, at, stretch)),
    touch: (key) => focusKey(grid, key),
    redraw: draw,
  });
  grid.addEventListener("keydown", press);

  function draw() {
    refill(
      grid,
      el(
        "div",
        { class: "clock", "aria-hidden": "true" },
        Array.from({ length: 12 }, (_, index) => el("span", {}, hourText(2 * index))),
      ),
      ...DAYS.map(column),
    );
  }

  /** @param {DayName} day */
  function column(day) {
    const windows = inOrder(week()[day]).map((shift) => drawn(day, shift));
    const track = el("div", { class: "track", "data-day": day }, tails(day), windows);
    return el(
      "div",
      { class: "day-column", role: "group", "aria-label": dayText(day) },
      el(
        "div",
        { class: "day-head" },
        el("span", {}, dayText(day, "weekday")),
        el(
          "button",
          {
            type: "button",
            class: "plain",
            "data-key": `add ${day}`,
            title: text("addWindow"),
            on: { click: () => editing.add(day) },
          },
          el("span", { "aria-hidden": "true" }, "+"),
          heard(`${text("addWindow")}: ${dayText(day)}`),
        ),
      ),
      track,
    );
  }

  /**
   * What is left of the night before.
   *
   * @param {DayName} day
   */
  const tails = (day) =>
    week()[dayAfter(day, -1)].flatMap((shift) => {
      const stretch = stretchOf(shift);
      if (stretch === null || stretch.to <= DAY) return [];
      const tail = el("div", { class: "tail", "aria-hidden": "true" }, `→ ${clockText(stretch.to)}`);
      tail.style.setProperty("--from", "0");
      tail.style.setProperty("--to", String(stretch.to - DAY));
      return [tail];
    });

  /**
   * @param {DayName} day
   * @param {Shift} shift
   */
  function drawn(day, shift) {
    const stretch = stretchOf(shift);
    if (stretch === null) return null;
    const isWrong = editing.isWrong(shift.key);
    const length = Math.min(stretch.to, DAY) - stretch.from;
    /** @param {"from" | "to"} edge */
    const grip = (edge) =>
      // There is no room for ends on what is hardly there: it moves as a whole.
      length <= STEP ? null : el("span", { class: "grip", "data-edge": edge, "aria-hidden": "true" });
    const night = stretch.to > DAY ? `, ${text("untilNextDay")}` : "";
    const window = el(
      "div",
      {
        role: "application",
        "aria-roledescription": text("drawnWindow"),
        "aria-label": `${dayText(day)}, ${windowText(shift)}${night}`,
        tabindex: 0,
        class: `window${isWrong ? " wrong" : ""}${length < 60 ? " short" : ""}`,
        "data-key": shift.key,
        "aria-describedby": "week-keys",
      },
      grip("from"),
      isWrong ? el("span", { "aria-hidden": "true" }, "⚠ ") : null,
      el("span", { class: "when" }),
      // The end of a night is on another day: it is for the keyboard and the fields.
      night === "" ? grip("to") : null,
    );
    show(window, stretch);
    return window;
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const window = event.target;
    if (!(window instanceof HTMLElement) || !window.classList.contains("window")) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const key = window.dataset.key ?? "";
    const day = DAYS.find((one) => week()[one].some((shift) => shift.key === key));
    const shift = day && week()[day].find((one) => one.key === key);
    const before = shift ? stretchOf(shift) : null;
    if (day === undefined || before === null) return;
    /** @type {Record<string, () => void>} */
    const keys = event.shiftKey
      ? {
          ArrowDown: () => resize(0, STEP),
          ArrowUp: () => resize(0, -STEP),
          ArrowRight: () => resize(STEP, 0),
          ArrowLeft: () => resize(-STEP, 0),
        }
      : {
          ArrowDown: () => move(STEP, 0),
          ArrowUp: () => move(-STEP, 0),
          PageDown: () => move(60, 0),
          PageUp: () => move(-60, 0),
          ArrowRight: () => move(0, 1),
          ArrowLeft: () => move(0, -1),
          Enter: () => editing.exact(key),
          Insert: () => editing.add(day),
          Delete: () => editing.remove(day, key),
          Backspace: () => editing.remove(day, key),
        };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();

    /**
     * As far as there is room.
     *
     * @param {number} minutes
     * @param {number} days
     */
    function move(minutes, days) {
      const { from, to } = /** @type {Stretch} */ (before);
      const [first, on] = [/** @type {DayName} */ (day), DAYS.indexOf(/** @type {DayName} */ (day)) + days];
      const latest = to > DAY ? DAY - STEP : DAY - (to - from);
      const start = Math.max(0, Math.min(latest, from + minutes));
      const stretch = { from: start, to: start + to - from };
      if (DAYS[on] !== undefined && fits(week(), DAYS[on], stretch, key)) editing.put(first, key, DAYS[on], stretch);
    }

    /**
     * @param {number} atStart
     * @param {number} atEnd
     */
    function resize(atStart, atEnd) {
      const { from, to } = /** @type {Stretch} */ (before);
      const first = /** @type {DayName} */ (day);
      const gap = gapAt(week(), first, from, key) ?? { from, to };
      // One that lasts over midnight may last longer; what begins the next day is for the service to see.
      const latest = to > DAY ? from + DAY - STEP : gap.to;
      const stretch = { from: Math.max(gap.from, from + atStart), to: Math.min(latest, to + atEnd) };
      if (stretch.to - stretch.from >= STEP) editing.put(first, key, first, stretch);
    }
  }

  return { element: grid, draw, focus: (/** @type {string} */ key) => focusKey(grid, key), ...drawing };
}

/**
 * A window and its day, in words.
 *
 * @param {DayName} day
 * @param {Shift} shift
 */
export const inWords = (day, shift) => `${dayText(day)}, ${windowText(shift)}`;
