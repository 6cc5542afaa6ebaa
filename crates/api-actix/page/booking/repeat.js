// @ts-check
//
// A visit that repeats: how often, how many times, and what has come of it.

import { Refused } from "../ask.js";
import { choice, el, labelled } from "../dom.js";
import { text, textOr } from "../texts.js";
import { dateText, dayAndTime } from "../time.js";
import { openDialog } from "./dialog.js";

/** @typedef {import("../api").components["schemas"]["BookingSeries"]} BookingSeries */
/** @typedef {import("../api").components["schemas"]["SkippedVisit"]} SkippedVisit */
/** @typedef {import("../api").components["schemas"]["Every"]} Every */
/** @typedef {import("../api").components["schemas"]["OnConflict"]} OnConflict */

const MOST = 52;

/** @typedef {{ every: Every, count: number, onConflict: OnConflict }} Repetition */

/**
 * @returns {{ element: HTMLElement, wanted: () => Repetition | null | undefined }} `wanted` is null for a single visit, and
 * undefined where it is not clear, which has been said
 */
export function repeatFields() {
  const every = choice(
    [
      ["", text("repeatOnce")],
      ["week", text("everyWeek")],
      ["2 weeks", text("everySecondWeek")],
      ["month", text("everyMonth")],
    ],
    "",
  );
  const count = el("input", { type: "number", min: 2, max: MOST, step: 1, value: 6, inputmode: "numeric" });
  const fault = el("p", { class: "error", role: "alert" });
  const onConflict = choice(
    [
      ["refuse", text("conflictRefuse")],
      ["skip", text("conflictSkip")],
    ],
    "refuse",
  );
  const more = el(
    "div",
    { class: "fields", hidden: true },
    el("div", {}, labelled(text("howMany"), count), fault),
    labelled(text("onConflict"), onConflict),
  );
  every.addEventListener("change", () => (more.hidden = every.value === ""));

  return {
    element: el("div", { class: "repeat" }, labelled(text("repeat"), every), more),
    wanted() {
      fault.textContent = "";
      count.ariaInvalid = "false";
      if (every.value === "") return null;
      const number = Number(count.value);
      if (!Number.isInteger(number) || number < 2 || number > MOST) {
        fault.textContent = text("countWrong", { most: String(MOST) });
        count.ariaInvalid = "true";
        count.focus();
        return undefined;
      }
      return {
        every: /** @type {Every} */ (every.value),
        count: number,
        onConflict: /** @type {OnConflict} */ (onConflict.value),
      };
    },
  };
}

/** @param {string} code */
const why = (code) => textOr(`series-${code}`, textOr(`code-${code}`, code));

/**
 * Which visits stand in the way of a series that is refused; null: it was refused for something else.
 *
 * @param {unknown} error
 */
export function inTheWay(error) {
  const violations = error instanceof Refused ? (error.problem.errors ?? []) : [];
  const visits = violations.flatMap(({ pointer, code, detail }) => {
    const number = /^\/occurrences\/(\d+)$/.exec(pointer)?.[1];
    if (number === undefined) return [];
    const start = /^(\d{4}-\d\d-\d\dT\S+[\d]): /.exec(detail)?.[1];
    const name = start === undefined ? text("visitNumber", { number: String(Number(number) + 1) }) : dayAndTime(start);
    return [el("li", {}, el("strong", {}, name), ` – ${why(code)}`)];
  });
  if (visits.length === 0) return null;
  return el("ul", { class: "series" }, visits);
}

/**
 * Tells which visits of a series were booked, and which were not, and why.
 *
 * @param {BookingSeries} series
 * @param {string} doctor the name
 */
export function showSeries({ bookings, skipped }, doctor) {
  /** @param {SkippedVisit} visit */
  const left = ({ start, date, code }) => {
    const name = start ? dayAndTime(start) : date ? dateText(date, "month") : "–";
    return el("li", {}, el("strong", {}, name), ` – ${why(code)}`);
  };
  const done = el("button", { type: "button" }, text("seriesDone"));
  const dialog = openDialog(text("seriesWith", { doctor }), [
    el("h3", {}, text("seriesBooked", { count: String(bookings.length) })),
    el(
      "ul",
      { class: "series" },
      bookings.map(({ start }) => el("li", {}, dayAndTime(start))),
    ),
    skipped.length === 0 ? null : el("h3", {}, text("seriesSkipped", { count: String(skipped.length) })),
    skipped.length === 0 ? null : el("ul", { class: "series" }, skipped.map(left)),
    el("div", { class: "actions" }, done),
  ]);
  done.addEventListener("click", () => dialog.close());
  done.focus();
}
