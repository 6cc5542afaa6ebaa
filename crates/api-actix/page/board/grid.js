// @ts-check
//
// A table of hours: a row for each hour of the clock, a column for each doctor or date, and in its cells what begins in that
// hour. An hour that comes twice has two rows, each with its offset. It is one stop of the Tab key; arrows go from slot to
// slot.

import { el, heard } from "../dom.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import {
  hourText,
  isElsewhere,
  offsetText,
  onClock,
  plainTime,
  skippedHours,
  timeText,
  viewerZone,
  wall,
  whichOfTwo,
} from "../time.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("./items.js").Item} Item */
/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label whose, or which date: heard with every slot
 * @property {Child[]} head
 * @property {string} date
 * @property {string} zone
 * @property {{ start: string, end: string }[]} openings
 * @property {boolean} isWhole whether it is known when the doctor does not work
 * @property {Item[]} items
 * @property {{ id: string }} [doctor]
 */
/** @typedef {{ hour: number, isSecond: boolean, offset: string | null }} Row */

/**
 * @template {Column} C
 * @param {string} caption
 * @param {C[]} columns
 * @param {(item: Item, column: C) => (() => void) | null} act what a slot does when it is chosen; null: nothing
 */
export function hourTable(caption, columns, act) {
  const rows = rowsOf(columns);
  const placed = columns.map((column) => place(column));
  const head = el(
    "tr",
    {},
    el("td", { class: "corner" }, heard(text("time"))),
    columns.map((column) => {
      const isEmpty = column.items.length === 0 && column.openings.length === 0;
      return el("th", { scope: "col", role: "columnheader", ...(isEmpty ? { class: "empty" } : {}) }, column.head);
    }),
  );
  const now = hourNow(columns);
  const body = rows.map((row) =>
    el(
      "tr",
      nameOf(row) === now ? { class: "now" } : {},
      el(
        "th",
        { scope: "row", role: "rowheader" },
        hourText(row.hour),
        offsetOf(row),
        nameOf(row) === now ? el("span", { class: "mark" }, ` ${text("now")}`) : null,
      ),
      columns.map((column, index) => cell(row, column, placed[index], act)),
    ),
  );
  const table = el(
    "table",
    { class: "hours", role: "grid", "aria-label": caption },
    el("thead", {}, head),
    el("tbody", {}, body),
  );
  walkable(table);
  return el("div", { class: "scroller", "data-scrolls": true }, table);
}

/** @param {Row} row */
const offsetOf = ({ offset }) => (offset === null ? null : el("span", { class: "offset" }, ` ${offsetText(offset)}`));

/**
 * From the first hour in which something begins to the last, whether there is something in between or not.
 *
 * @param {Column[]} columns
 * @returns {Row[]}
 */
function rowsOf(columns) {
  /** @type {Map<number, string>} */
  const firsts = new Map();
  /** @type {Map<number, string>} */
  const seconds = new Map();
  const hours = new Set();
  for (const { items, zone } of columns) {
    for (const { start } of items) {
      const { hour, offset } = wall(start);
      const which = whichOfTwo(start, zone);
      hours.add(hour);
      if (which === 1) firsts.set(hour, offset);
      if (which === 2) seconds.set(hour, offset);
    }
  }
  if (hours.size === 0) return [];
  /** @type {Row[]} */
  const rows = [];
  for (let hour = Math.min(...hours); hour <= Math.max(...hours); hour += 1) {
    rows.push({ hour, isSecond: false, offset: firsts.get(hour) ?? null });
    if (!seconds.has(hour) || seconds.has(hour + 1)) continue;
    // Hours that come twice in a row come all of them once, and then all of them again.
    let first = hour;
    while (seconds.has(first - 1)) first -= 1;
    for (let again = first; again <= hour; again += 1) {
      rows.push({ hour: again, isSecond: true, offset: seconds.get(again) ?? null });
    }
  }
  return rows;
}

/**
 * The name of the row of the hour that it is, where one of the columns is of today and here.
 *
 * @param {Column[]} columns
 */
function hourNow(columns) {
  const now = onClock(viewerZone);
  if (now === null) return null;
  const { date, hour } = wall(now);
  if (!columns.some((column) => !isElsewhere(column.zone) && column.date === date)) return null;
  return nameOf({ hour, isSecond: whichOfTwo(now, viewerZone) === 2, offset: null });
}

/** @param {Row} row */
const nameOf = ({ hour, isSecond }) => `${hour}${isSecond ? "b" : "a"}`;

/**
 * @typedef {object} Placed
 * @property {Map<string, Item[]>} items by the row in which they begin
 * @property {Set<number>} going on, from an hour before
 * @property {Set<number>} open
 * @property {Set<number>} skipped
 */

/**
 * @param {Column} column
 * @returns {Placed}
 */
function place({ items, openings, date, zone }) {
  /** @type {Placed} */
  const placed = { items: new Map(), going: new Set(), open: new Set(), skipped: skippedHours(date, zone) };
  /** @param {string} instant */
  const minutes = (instant) => {
    const shown = wall(instant);
    const within = shown.hour * 60 + shown.minute;
    return shown.date === date ? within : shown.date < date ? 0 : within + 1440;
  };
  for (const item of items) {
    const row = nameOf({ hour: wall(item.start).hour, isSecond: whichOfTwo(item.start, zone) === 2, offset: null });
    placed.items.set(row, [...(placed.items.get(row) ?? []), item]);
    for (let hour = wall(item.start).hour + 1; hour * 60 < minutes(item.end); hour += 1) placed.going.add(hour);
  }
  for (const { start, end } of openings) {
    for (let hour = Math.floor(minutes(start) / 60); hour * 60 < minutes(end); hour += 1) placed.open.add(hour);
  }
  return placed;
}

/**
 * @template {Column} C
 * @param {Row} row
 * @param {C} column
 * @param {Placed} placed
 * @param {(item: Item, column: C) => (() => void) | null} act
 */
function cell(row, column, placed, act) {
  const items = placed.items.get(nameOf(row)) ?? [];
  if (items.length > 0)
    return el(
      "td",
      { role: "gridcell" },
      items.map((item) => chip(item, column, act(item, column))),
    );
  if (placed.skipped.has(row.hour)) return el("td", { role: "gridcell", class: "skipped" }, text("skipped"));
  if (placed.going.has(row.hour)) {
    return el(
      "td",
      { role: "gridcell", class: "going" },
      el("span", { "aria-hidden": "true" }, "⋮"),
      heard(text("goesOn")),
    );
  }
  if (column.isWhole && !placed.open.has(row.hour)) {
    return el("td", { role: "gridcell", class: "closed" }, heard(text("closed")));
  }
  return el("td", { role: "gridcell" });
}

/** What tells states apart besides their words and borders. */
const SIGNS = {
  free: "+",
  booked: "■",
  held: "◔",
  blocked: "✕",
  past: "·",
  tooSoon: "‹",
  tooFar: "›",
  arrived: "◆",
  fulfilled: "✓",
  outside: "▲",
};

/**
 * A slot, or a booking.
 *
 * @param {Item} item
 * @param {{ key: string, label: string, zone: string, doctor?: { id: string } }} column
 * @param {(() => void) | null} act
 */
export function chip(item, column, act) {
  const { start, end, state } = item;
  const parts = [
    el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[state]),
    el("span", { class: "at" }, plainTime(start, column.zone)),
    " ",
    el("span", { class: "state" }, text(`state-${state}`)),
    " ",
    heard(`${text("until", { time: timeText(end) })}, ${column.label}`),
  ];
  const common = {
    class: `chip ${state}`,
    "data-chip": true,
    "data-key": `${column.key} ${start}`,
    "data-start": start,
    // By these a visit is dragged, and by that it is known where to.
    "data-booking": item.booking,
    "data-doctor": column.doctor?.id,
    tabindex: -1,
  };
  if (act === null) return el("span", common, parts);
  return el("button", { ...common, type: "button", on: { click: act } }, parts);
}

/** A key to the signs. */
export function legend() {
  const all = /** @type {(keyof typeof SIGNS)[]} */ (Object.keys(SIGNS));
  const states = can.seeWhy() ? all : all.filter((state) => state === "free");
  return el(
    "ul",
    { class: "legend", "aria-label": text("legend") },
    states.map((state) =>
      el(
        "li",
        {},
        el(
          "span",
          { class: `chip ${state}` },
          el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[state]),
          text(`state-${state}`),
        ),
      ),
    ),
  );
}

/**
 * One stop of the Tab key, and arrows from one to the next: the keys of a grid.
 *
 * @param {HTMLTableElement} table
 */
export function walkable(table) {
  /** @param {Element} within */
  const chips = (within) => /** @type {HTMLElement[]} */ ([...within.querySelectorAll("[data-chip]")]);
  const all = chips(table);
  // Who comes in by the Tab key finds what can be booked, if there is such a thing.
  const entry = all.find((one) => one.classList.contains("free")) ?? all[0];
  if (entry) entry.tabIndex = 0;
  table.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) || target.dataset.chip === undefined) return;
    for (const one of table.querySelectorAll('[data-chip][tabindex="0"]'))
      if (one instanceof HTMLElement) one.tabIndex = -1;
    target.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const from = event.target;
    if (!(from instanceof HTMLElement) || from.dataset.chip === undefined || event.altKey || event.metaKey) return;
    const cell = /** @type {HTMLTableCellElement} */ (from.closest("td, th"));
    const line = /** @type {HTMLTableRowElement} */ (cell.parentElement);
    const row = chips(line);
    const column = [...table.rows].flatMap(({ cells }) => (cells[cell.cellIndex] ? chips(cells[cell.cellIndex]) : []));
    /** @type {Record<string, () => HTMLElement | undefined>} */
    const keys = {
      ArrowLeft: () => row[row.indexOf(from) - 1],
      ArrowRight: () => row[row.indexOf(from) + 1],
      ArrowUp: () => column[column.indexOf(from) - 1],
      ArrowDown: () => column[column.indexOf(from) + 1],
      Home: () => (event.ctrlKey ? chips(table)[0] : row[0]),
      End: () => (event.ctrlKey ? chips(table).at(-1) : row.at(-1)),
      PageUp: () => column[0],
      PageDown: () => column.at(-1),
    };
    const to = keys[event.key];
    if (to === undefined || (event.ctrlKey && event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    to()?.focus();
  });
}
