// @ts-check
//
// Draws windows with a pointer: pressing and dragging where nothing is makes one, its ends can be dragged, and it can be moved
// as a whole, to another day too. It stops where another begins.

import { DAY, STEP, fits, gapAt, stretchOf, windowText, written } from "./windows.js";

/** @typedef {import("./windows.js").DayName} DayName */
/** @typedef {import("./windows.js").Stretch} Stretch */
/** @typedef {import("./windows.js").Week} Week */
/**
 * @typedef {object} Drag
 * @property {number} pointer
 * @property {string | null} key of the window that it is about; null: it becomes one
 * @property {DayName} day
 * @property {DayName} at on which day it is now
 * @property {Stretch} stretch as it is now
 * @property {HTMLElement} element
 * @property {boolean} hasMoved
 * @property {number} x where the pointer was pressed
 * @property {number} y
 * @property {(minute: number, at: DayName) => Stretch | null} follow what it is once the pointer is there; null: that cannot be
 */

/** From how far on a press is a drag: pixels. */
const SLACK = 4;

/**
 * @param {HTMLElement} grid holds the tracks, and stays when they are drawn anew
 * @param {object} about
 * @param {() => Week} about.week
 * @param {(key: string | null, day: DayName, at: DayName, stretch: Stretch) => void} about.commit
 * @param {(key: string) => void} about.touch a window was pressed, and let go where it was
 * @param {() => void} about.redraw
 * @returns {{ isBusy: () => boolean, end: () => void }} `end`: it is not drawn on any more
 */
export function drawable(grid, { week, commit, touch, redraw }) {
  /** @type {Drag | null} */
  let drag = null;

  grid.addEventListener("pointerdown", (event) => {
    const pressed = event.target;
    if (drag !== null || event.button !== 0 || !event.isPrimary || !(pressed instanceof HTMLElement)) return;
    const day = /** @type {DayName | undefined} */ (dayAt(pressed));
    if (day === undefined) return;
    const key = keyAt(pressed);
    const edge = pressed.dataset.edge;
    // What was typed counts before anything is drawn; the tracks may be drawn anew by that.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    const begun = key === null ? made(event, day) : taken(event, day, key, edge);
    if (begun === null) return;
    drag = { ...begun, pointer: event.pointerId, key, day, at: day, hasMoved: false, x: event.clientX, y: event.clientY };
    grid.setPointerCapture(event.pointerId);
  });

  grid.addEventListener("pointermove", (event) => {
    if (drag === null || drag.pointer !== event.pointerId) return;
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK) drag.hasMoved = true;
    if (!drag.hasMoved) return;
    drag.element.classList.add("drawn");
    const at = trackUnder(event.clientX) ?? drag.at;
    const stretch = drag.follow(minuteAt(event.clientY, at), at);
    if (stretch === null) return;
    drag.stretch = stretch;
    if (drag.key !== null && drag.at !== at && drag.element.dataset.moves !== undefined) {
      trackOf(at)?.append(drag.element);
      drag.at = at;
    }
    show(drag.element, stretch);
  });

  grid.addEventListener("pointerup", (event) => {
    if (drag === null || drag.pointer !== event.pointerId) return;
    const { key, day, at, stretch, hasMoved } = drag;
    drag = null;
    if (key !== null && !hasMoved) {
      redraw();
      touch(key);
    } else commit(key, day, at, stretch);
  });
  grid.addEventListener("pointercancel", stop);
  grid.addEventListener("lostpointercapture", stop);
  /** @param {KeyboardEvent} event */
  const escape = (event) => event.key === "Escape" && stop();
  // Wherever the focus is meanwhile.
  window.addEventListener("keydown", escape);

  function stop() {
    if (drag === null) return;
    drag = null;
    redraw();
  }

  /**
   * A window that comes to be.
   *
   * @param {PointerEvent} event
   * @param {DayName} day
   */
  function made(event, day) {
    const minute = minuteAt(event.clientY, day);
    const gap = gapAt(week(), day, minute);
    const track = trackOf(day);
    if (gap === null || track === null) return null;
    const first = Math.max(gap.from, Math.floor(minute / STEP) * STEP);
    const anchor = snapped(minute);
    const element = document.createElement("div");
    element.className = "window";
    track.append(element);
    // Whoever only presses gets an hour.
    const stretch = { from: first, to: Math.min(gap.to, first + 60) };
    show(element, stretch);
    /** @param {number} minute */
    const follow = (minute) => {
      const end = snapped(minute);
      const [from, to] = [Math.max(gap.from, Math.min(anchor, end)), Math.min(gap.to, Math.max(anchor, end))];
      return to - from < STEP ? null : { from, to };
    };
    return { element, stretch, follow };
  }

  /**
   * A window that is there.
   *
   * @param {PointerEvent} event
   * @param {DayName} day
   * @param {string} key
   * @param {string | undefined} edge
   */
  function taken(event, day, key, edge) {
    const shift = week()[day].find((one) => one.key === key);
    const before = shift ? stretchOf(shift) : null;
    const element = grid.querySelector(`.window[data-key="${CSS.escape(key)}"]`);
    if (before === null || !(element instanceof HTMLElement)) return null;
    const gap = gapAt(week(), day, before.from, key) ?? before;
    const pressed = minuteAt(event.clientY, day);
    if (edge === undefined) element.dataset.moves = "";
    /** @type {Drag["follow"]} */
    const follow = (minute, at) => {
      const end = snapped(minute);
      if (edge === "from") return { ...before, from: Math.max(gap.from, Math.min(end, before.to - STEP)) };
      if (edge === "to") return { ...before, to: Math.min(gap.to, Math.max(end, before.from + STEP)) };
      const length = before.to - before.from;
      const latest = before.to > DAY ? DAY - STEP : DAY - length;
      const moved = before.from + snapped(minute - pressed);
      const from = Math.max(0, Math.min(latest, moved));
      const stretch = { from, to: from + length };
      return fits(week(), at, stretch, key) ? stretch : null;
    };
    return { element, stretch: before, follow };
  }

  /** @param {DayName} day */
  function trackOf(day) {
    const track = grid.querySelector(`.track[data-day="${day}"]`);
    return track instanceof HTMLElement ? track : null;
  }

  /**
   * @param {number} y
   * @param {DayName} day
   */
  function minuteAt(y, day) {
    const box = trackOf(day)?.getBoundingClientRect();
    return box === undefined ? 0 : Math.max(0, Math.min(DAY - 1, ((y - box.top) / box.height) * DAY));
  }

  /** @param {number} x */
  function trackUnder(x) {
    for (const track of grid.querySelectorAll(".track")) {
      const { left, right } = track.getBoundingClientRect();
      if (track instanceof HTMLElement && left <= x && x < right) return /** @type {DayName} */ (track.dataset.day);
    }
    return null;
  }

  return { isBusy: () => drag !== null, end: () => window.removeEventListener("keydown", escape) };
}

/** @param {number} minute */
const snapped = (minute) => Math.round(minute / STEP) * STEP;

/** @param {HTMLElement} pressed */
function dayAt(pressed) {
  const track = pressed.closest(".track");
  return track instanceof HTMLElement ? track.dataset.day : undefined;
}

/** @param {HTMLElement} pressed */
function keyAt(pressed) {
  const shown = pressed.closest(".window");
  return shown instanceof HTMLElement ? (shown.dataset.key ?? null) : null;
}

/**
 * Puts a window where it is, and says in it when that is.
 *
 * @param {HTMLElement} element
 * @param {Stretch} stretch
 */
export function show(element, { from, to }) {
  element.style.setProperty("--from", String(from));
  element.style.setProperty("--to", String(Math.min(to, DAY)));
  const said = windowText({ start: written(from), end: written(to) });
  const label = element.querySelector(".when");
  if (label) label.textContent = said;
  else element.textContent = said;
}
