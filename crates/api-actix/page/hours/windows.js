// @ts-check
//
// The windows of a week, as they are edited: text, as it was typed, and minutes, as it is drawn. What is possible is for the
// service to say; here is only what can be drawn.

import { dateText, plusDays, timeText, weekOf } from "../time.js";

/** @typedef {import("../api").components["schemas"]["Weekly"]} Weekly */
/** @typedef {import("../api").components["schemas"]["Window"]} Window */
/** @typedef {keyof Weekly} DayName */
/** @typedef {{ key: string, start: string, end: string }} Shift A window; its key stays while it is edited. */
/** @typedef {Record<DayName, Shift[]>} Week */
/** @typedef {{ from: number, to: number }} Stretch Minutes since midnight; `to` is later, and after 1440 on the next day. */

export const DAY = 1440;
/** To how many minutes what is drawn fits. Others are for the fields. */
export const STEP = 15;

/** As JSON has them. */
const NAMES = /** @type {const} */ (["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
/** A Monday. */
const MONDAY = "2030-01-07";

/** The days, in the order in which weeks go where whoever looks at them lives. @type {DayName[]} */
export const DAYS = Array.from({ length: 7 }, (_, index) => dayOf(plusDays(weekOf(MONDAY), index)));

/**
 * The day of the week of a date.
 *
 * @param {string} date
 * @returns {DayName}
 */
export function dayOf(date) {
  const days = Math.round((Date.parse(`${date}T12:00Z`) - Date.parse(`${MONDAY}T12:00Z`)) / 86_400_000);
  return NAMES[((days % 7) + 7) % 7];
}

/**
 * @param {DayName} day
 * @param {number} days
 */
export const dayAfter = (day, days = 1) => NAMES[(NAMES.indexOf(day) + days + 7) % 7];

/**
 * @param {DayName} day
 * @param {"longWeekday" | "weekday"} [how]
 */
export const dayText = (day, how = "longWeekday") => dateText(plusDays(MONDAY, NAMES.indexOf(day)), how);

let keys = 0;

/**
 * @param {string} start
 * @param {string} end
 * @returns {Shift}
 */
export function shift(start, end) {
  keys += 1;
  return { key: `window-${keys}`, start, end };
}

/** @param {Window[]} windows */
export const shiftsOf = (windows) => windows.map(({ start, end }) => shift(start, end));

/**
 * @param {Weekly} weekly
 * @returns {Week}
 */
export const weekOfWindows = (weekly) =>
  /** @type {Week} */ (Object.fromEntries(NAMES.map((day) => [day, shiftsOf(weekly[day] ?? [])])));

/** @param {Shift[]} shifts */
export const windowsOf = (shifts) => shifts.map(({ start, end }) => ({ start, end }));

/**
 * As it is sent; days without windows are left out.
 *
 * @param {Week} week
 * @returns {Weekly}
 */
export const weeklyOf = (week) =>
  Object.fromEntries(
    NAMES.filter((day) => week[day].length > 0).map((day) => [day, windowsOf(inOrder(week[day]))]),
  );

/** @param {Shift[]} shifts */
export const inOrder = (shifts) =>
  [...shifts].sort((one, other) => (stretchOf(one)?.from ?? DAY) - (stretchOf(other)?.from ?? DAY));

/**
 * A time of day as people write it, such as 8, 830, 8:30 or 5 pm, in minutes; null: it is none.
 *
 * @param {string} written
 */
export function minutesOf(written) {
  const parts = /^(\d{1,2})[:.]?(\d\d)?\s*(?:([ap])\.?m\.?)?$/i.exec(written.trim());
  if (parts === null) return null;
  const [, hours, minutes = "0", half] = parts;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0);
  const all = hour * 60 + Number(minutes);
  return Number(minutes) < 60 && all <= DAY ? all : null;
}

/**
 * As the service writes it.
 *
 * @param {number} minutes since midnight, up to twice a day's
 */
export function written(minutes) {
  const within = minutes > DAY ? minutes - DAY : minutes;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

/**
 * A time of day in words.
 *
 * @param {number} minutes
 */
export const clockText = (minutes) =>
  minutes === DAY ? "24:00" : timeText(`2000-01-01T${written(minutes)}:00Z`);

/**
 * Where a window is on its day; null: there is nothing to draw.
 *
 * @param {{ start: string, end: string }} window
 * @returns {Stretch | null}
 */
export function stretchOf({ start, end }) {
  const [from, to] = [minutesOf(start), minutesOf(end)];
  if (from === null || to === null || from === to || from === DAY) return null;
  return { from, to: to < from ? to + DAY : to };
}

/**
 * A window in words.
 *
 * @param {{ start: string, end: string }} window
 */
export function windowText({ start, end }) {
  const stretch = stretchOf({ start, end });
  return stretch === null ? `${start} – ${end}` : `${clockText(stretch.from)} – ${clockText(stretch.to)}`;
}

/**
 * What is taken on a day, by its own windows and by the night before.
 *
 * @param {Week} week
 * @param {DayName} day
 * @param {string} [except] the key of a window that does not count
 * @returns {Stretch[]}
 */
function taken(week, day, except) {
  const before = week[dayAfter(day, -1)].map((one) => ({ one, back: DAY }));
  return [...week[day].map((one) => ({ one, back: 0 })), ...before].flatMap(({ one, back }) => {
    const stretch = one.key === except ? null : stretchOf(one);
    return stretch === null || stretch.to <= back ? [] : [{ from: stretch.from - back, to: stretch.to - back }];
  });
}

/**
 * The stretch around a minute of a day in which nothing is yet; null: something is.
 *
 * @param {Week} week
 * @param {DayName} day
 * @param {number} minute
 * @param {string} [except]
 * @returns {Stretch | null}
 */
export function gapAt(week, day, minute, except) {
  let gap = { from: 0, to: DAY };
  for (const { from, to } of taken(week, day, except)) {
    if (from <= minute && minute < to) return null;
    if (to <= minute) gap = { ...gap, from: Math.max(gap.from, to) };
    else gap = { ...gap, to: Math.min(gap.to, from) };
  }
  return gap;
}

/**
 * Whether a stretch of a day meets nothing else on it.
 *
 * @param {Week} week
 * @param {DayName} day
 * @param {Stretch} stretch
 * @param {string} except
 */
export const fits = (week, day, stretch, except) =>
  taken(week, day, except).every(({ from, to }) => stretch.to <= from || to <= stretch.from);

/**
 * Where another window can be put on a day: an hour, after what is there, or else the first gap; null: there is no room.
 *
 * @param {Week} week
 * @param {DayName} day
 * @returns {Stretch | null}
 */
export function nextRoom(week, day) {
  const last = Math.max(0, ...taken(week, day).map(({ to }) => Math.min(to, DAY)));
  const wanted = last === 0 ? 9 * 60 : last + 60;
  for (const minute of [wanted, last, ...Array.from({ length: DAY / STEP }, (_, index) => index * STEP)]) {
    if (minute >= DAY) continue;
    const gap = gapAt(week, day, minute);
    if (gap !== null && gap.to - minute >= STEP) return { from: minute, to: Math.min(gap.to, minute + 60) };
  }
  return null;
}
