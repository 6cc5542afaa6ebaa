// @ts-check
//
// The way from view to view, at the top of the page: what is offered there, and which of it one is in.

import { PARTS } from "./admin/parts.js";
import { el } from "./dom.js";
import { link } from "./route.js";
import { text } from "./texts.js";
import { isFor } from "./views.js";

/** What shows the same time in another way: what is chosen stays chosen there. */
const BOARDS = /** @type {const} */ (["day", "week", "month", "list"]);
const OTHERS = /** @type {const} */ (["hours", "patients", "waitlist"]);
/** Views that are reached by another, which is the one that is offered. @type {Record<string, string>} */
const PART_OF = { overrides: "hours", "time-off": "hours", closures: "hours" };

/**
 * @param {string} now the view in which one is
 * @param {URLSearchParams} params
 */
export function entries(now, params) {
  const kept = Object.fromEntries(["date", "doctor", "specialty", "q", "type"].map((name) => [name, params.get(name)]));
  /**
   * @param {"mine" | "admin" | typeof BOARDS[number] | typeof OTHERS[number]} name
   * @param {string} to
   * @param {"page" | "true" | null} current
   */
  const entry = (name, to, current) =>
    el("a", { href: to, "data-key": `view ${name}`, "aria-current": current }, text(`view-${name}`));
  /** @param {string} name */
  const current = (name) => (name === now ? "page" : PART_OF[now] === name ? "true" : null);
  const part = PARTS.find(isFor);
  return [
    isFor("mine") ? entry("mine", link("mine"), current("mine")) : null,
    ...BOARDS.map((name) => entry(name, link(name, kept), current(name))),
    ...OTHERS.filter(isFor).map((name) => entry(name, link(name), current(name))),
    // One entry for all of the administration, which has its own ways from part to part.
    part === undefined ? null : entry("admin", link(part), PARTS.some((name) => name === now) ? "true" : null),
  ].filter((entry) => entry !== null);
}
