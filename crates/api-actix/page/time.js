// @ts-check
//
// Dates, times and zones. Instants come with the doctor's offset: what the doctor's clock shows is read off the text, and
// never reckoned by the zone of whoever looks at it. Only what somebody else's clock shows is reckoned, by the browser.

import { language } from "./texts.js";

/** @typedef {{ date: string, hour: number, minute: number, offset: string }} Wall What a clock shows. */

const INSTANT = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** The language in which numbers and dates are written: that of the texts, as in the country of whoever reads it. */
export const locale = fitting();

function fitting() {
  try {
    const wanted = new Intl.Locale(navigator.language);
    return wanted.language === language ? wanted.toString() : language;
  } catch {
    // Some browsers have a language that is none.
    return language;
  }
}

/** The zone of whoever looks at the page. */
export const viewerZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * What the doctor's clock shows at an instant.
 *
 * @param {string} instant
 * @returns {Wall}
 */
export function wall(instant) {
  const parts = INSTANT.exec(instant);
  if (parts === null) throw new RangeError(`${instant} is no instant`);
  const [, date, hour, minute, offset] = /** @type {string[]} */ (/** @type {unknown} */ (parts));
  return { date, hour: Number(hour), minute: Number(minute), offset: /z/i.test(offset) ? "+00:00" : offset };
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string} of
 * @param {string} zone
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(of, zone, options) {
  const key = `${of} ${zone} ${JSON.stringify(options)}`;
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.DateTimeFormat(of, { ...options, timeZone: zone });
    formats.set(key, known);
  }
  return known;
}

/** @param {string} date */
const noon = (date) => Date.parse(`${date}T12:00:00Z`);

/**
 * The time on the doctor's clock, in words.
 *
 * @param {string} instant
 */
export function timeText(instant) {
  const { hour, minute } = wall(instant);
  return format(locale, "UTC", { timeStyle: "short" }).format(Date.UTC(2000, 0, 1, hour, minute));
}

/**
 * An hour of the clock, in words.
 *
 * @param {number} hour
 */
export const hourText = (hour) => format(locale, "UTC", { timeStyle: "short" }).format(Date.UTC(2000, 0, 1, hour));

/**
 * A civil date in words.
 *
 * @param {string} date
 * @param {"full" | "short" | "weekday" | "longWeekday" | "day" | "dayMonth" | "month" | "numbers"} [how]
 */
export function dateText(date, how = "full") {
  /** @type {Record<string, Intl.DateTimeFormatOptions>} */
  const hows = {
    full: { dateStyle: "full" },
    short: { weekday: "short", day: "numeric", month: "short" },
    weekday: { weekday: "short" },
    longWeekday: { weekday: "long" },
    day: { day: "numeric" },
    dayMonth: { day: "numeric", month: "short" },
    month: { month: "long", year: "numeric" },
    numbers: { dateStyle: "medium" },
  };
  return format(locale, "UTC", /** @type {Intl.DateTimeFormatOptions} */ (hows[how])).format(noon(date));
}

/**
 * Date and time on the doctor's clock, in words.
 *
 * @param {string} instant
 */
export const dayAndTime = (instant) => `${dateText(wall(instant).date)}, ${timeText(instant)}`;

/**
 * An instant on the clock of whoever looks at it, in words.
 *
 * @param {string} instant
 */
export const here = (instant) =>
  format(locale, viewerZone, { dateStyle: "medium", timeStyle: "short" }).format(Date.parse(instant));

/**
 * Whether a doctor's clock hangs in another zone than that of whoever looks at it.
 *
 * @param {string} zone
 */
export const isElsewhere = (zone) => zone !== viewerZone;

/**
 * @param {string} date
 * @param {number} days
 */
export const plusDays = (date, days) => new Date(noon(date) + days * DAY).toISOString().slice(0, 10);

/**
 * The same day of another month, or its last.
 *
 * @param {string} date
 * @param {number} months
 */
export function plusMonths(date, months) {
  const [year, month, day] = date.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1, 12));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0, 12)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.toISOString().slice(0, 10);
}

/** On which day weeks begin, 1 (Monday) to 7, where whoever looks at it lives. */
const firstDay = (() => {
  const where = /** @type {any} */ (new Intl.Locale(locale));
  return where.getWeekInfo?.().firstDay ?? where.weekInfo?.firstDay ?? 1;
})();

/**
 * The first date of the week of a date.
 *
 * @param {string} date
 */
export function weekOf(date) {
  const day = new Date(noon(date)).getUTCDay();
  return plusDays(date, -((day - firstDay + 7) % 7));
}

/**
 * The date now, in a zone.
 *
 * @param {string} [zone]
 */
export function today(zone = viewerZone) {
  return civil(Date.now(), zone) ?? new Date().toISOString().slice(0, 10);
}

/**
 * @param {number} at
 * @param {string} zone
 */
function parts(at, zone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const all = {
    hourCycle: "h23",
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  };
  try {
    return Object.fromEntries(
      format("en-US", zone, all)
        .formatToParts(at)
        .map(({ type, value }) => [type, value]),
    );
  } catch {
    // The browser's tz database may not know a zone that the server's does.
    return null;
  }
}

/**
 * @param {number} at
 * @param {string} zone
 */
function civil(at, zone) {
  const now = parts(at, zone);
  return now === null ? null : `${String(now.year).padStart(4, "0")}-${now.month}-${now.day}`;
}

/**
 * How far a zone is ahead of UTC at an instant, in minutes.
 *
 * @param {number} at
 * @param {string} zone
 */
function ahead(at, zone) {
  const now = parts(at, zone);
  if (now === null) return null;
  const { year, month, day, hour, minute } = now;
  const shown = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return Math.round((shown - at) / MINUTE);
}

/** @type {Map<string, boolean>} */
const calm = new Map();

/**
 * Whether a zone keeps its offset from a day before a date to a day after.
 *
 * @param {string} date
 * @param {string} zone
 */
function isCalm(date, zone) {
  const key = `${date} ${zone}`;
  let known = calm.get(key);
  if (known === undefined) {
    known = ahead(noon(date) - DAY, zone) === ahead(noon(date) + DAY, zone);
    calm.set(key, known);
  }
  return known;
}

/**
 * Where the clocks are set back, times come twice: 1 and 2 say which of the two it is, 0 that there is only one.
 *
 * @param {string} instant
 * @param {string} zone
 * @returns {0 | 1 | 2}
 */
export function whichOfTwo(instant, zone) {
  if (isCalm(wall(instant).date, zone)) return 0;
  const at = Date.parse(instant);
  const now = ahead(at, zone);
  const before = ahead(at - 4 * 60 * MINUTE, zone);
  const after = ahead(at + 4 * 60 * MINUTE, zone);
  if (now === null || before === null || after === null) return 0;
  // The same time was shown earlier, by the offset of before, exactly if that was still in force then.
  if (before > now && ahead(at - (before - now) * MINUTE, zone) === before) return 2;
  if (now > after && ahead(at + (now - after) * MINUTE, zone) === after) return 1;
  return 0;
}

/**
 * How much longer or shorter than a day a date is in a zone, in minutes.
 *
 * @param {string} date
 * @param {string} zone
 */
export function dayShift(date, zone) {
  if (isCalm(date, zone)) return 0;
  const [start, end] = [offsetAtStart(date, zone), offsetAtStart(plusDays(date, 1), zone)];
  return start === null || end === null ? 0 : start - end;
}

/**
 * @param {string} date
 * @param {string} zone
 */
function offsetAtStart(date, zone) {
  const [before, after] = [ahead(noon(date) - DAY, zone), ahead(noon(date) + DAY, zone)];
  if (before === null || after === null) return null;
  // The earliest instant at which a clock of that zone can show midnight.
  return ahead(noon(date) - DAY / 2 - Math.max(before, after) * MINUTE, zone);
}

/**
 * The hours that a zone's clocks skip on a date, as far as they skip all of them.
 *
 * @param {string} date
 * @param {string} zone
 * @returns {Set<number>}
 */
export function skippedHours(date, zone) {
  /** @type {Set<number>} */
  const skipped = new Set();
  if (isCalm(date, zone)) return skipped;
  const offsets = [ahead(noon(date) - DAY, zone), ahead(noon(date) + DAY, zone)];
  const midnight = noon(date) - DAY / 2;
  for (let hour = 0; hour < 24; hour += 1) {
    const isShown = [0, 59].some((minute) => {
      const shown = midnight + (hour * 60 + minute) * MINUTE;
      return offsets.some((offset) => offset !== null && ahead(shown - offset * MINUTE, zone) === offset);
    });
    if (!isShown) skipped.add(hour);
  }
  return skipped;
}

/**
 * An instant as the clocks of a zone show it; null: the browser does not know the zone.
 *
 * @param {string} zone
 * @param {number} [at]
 */
export function onClock(zone, at = Date.now()) {
  const minutes = ahead(at, zone);
  if (minutes === null) return null;
  return `${new Date(at + minutes * MINUTE).toISOString().slice(0, 19)}${offsetOf(minutes)}`;
}

/**
 * The instants at which a zone's clocks show a time: none where they skip it, two where it comes twice; null: the browser does
 * not know the zone.
 *
 * @param {string} date
 * @param {number} minutes since midnight
 * @param {string} zone
 * @returns {string[] | null}
 */
export function instantsAt(date, minutes, zone) {
  const shown = noon(date) - DAY / 2 + minutes * MINUTE;
  const offsets = new Set([ahead(shown - DAY, zone), ahead(shown + DAY, zone)]);
  if (offsets.has(null)) return null;
  return /** @type {number[]} */ ([...offsets])
    .filter((offset) => ahead(shown - offset * MINUTE, zone) === offset)
    .sort((one, other) => other - one)
    .map((offset) => new Date(shown).toISOString().slice(0, 19) + offsetOf(offset));
}

/** @param {number} minutes */
function offsetOf(minutes) {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

/**
 * The time on the doctor's clock, with its offset where it comes twice.
 *
 * @param {string} instant
 * @param {string} zone
 */
export function plainTime(instant, zone) {
  const text = timeText(instant);
  return whichOfTwo(instant, zone) === 0 ? text : `${text} (${offsetText(wall(instant).offset)})`;
}

/** @param {string} offset */
export const offsetText = (offset) => `UTC${offset.replace("-", "−")}`;

/** @param {number} number */
export const numberText = (number) => new Intl.NumberFormat(locale).format(number);

/**
 * What is left of a time, as minutes and seconds.
 *
 * @param {number} milliseconds
 */
export function countdown(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
