// @ts-check
//
// A list that the API gives a page at a time: what is shown stays shown while it is read anew, and the next page comes on
// demand.

import { read } from "../ask.js";
import { reading, waiting } from "../board/reading.js";
import { el, focusKey, refill } from "../dom.js";
import { inWords } from "../problems.js";
import { text } from "../texts.js";

/** @typedef {import("../ask.js").Query} Query */
/**
 * @template T
 * @typedef {object} Kind
 * @property {string} path
 * @property {number} [size] how many on a page
 * @property {(item: T) => HTMLElement} line one of them, as an item of a list
 * @property {(items: T[]) => Promise<void>} [prepare] reads what lines need besides
 * @property {string} [none] what is said where there are none
 * @property {HTMLElement} title what has the focus when what had it is gone
 */

const SIZE = 50;
/** The most that can be read at once. */
const MOST = 200;

/**
 * @template {{ id: string }} T
 * @param {Kind<T>} kind
 */
export function records({ path, size = SIZE, line, prepare = async () => {}, none, title }) {
  const list = el("div", { class: "records" }, waiting());
  const work = reading(list);
  /** @type {T[]} */
  let items = [];
  /** @type {string | undefined} */
  let next;
  /** @type {Query} */
  let asked = {};

  /** @param {T} item */
  function lineOf(item) {
    const element = line(item);
    element.dataset.key = `line ${item.id}`;
    element.tabIndex = -1;
    return element;
  }

  function draw() {
    const had = list.contains(document.activeElement);
    const lines = items.map(lineOf);
    const count = String(items.length);
    refill(
      list,
      ...(items.length === 0 ? [el("p", {}, none ?? text("admin-none"))] : [el("ul", { class: "lines" }, lines)]),
      items.length === 0
        ? null
        : el("p", { class: "hint" }, text(next === undefined ? "admin-all-shown" : "admin-shown", { count })),
      next === undefined
        ? null
        : el("button", { type: "button", class: "plain", "data-key": "more", on: { click: more } }, text("more")),
    );
    if (had && !list.contains(document.activeElement)) title.focus();
  }

  /**
   * Reads from the beginning, as many as these.
   *
   * @param {number} wanted
   * @param {AbortSignal} signal
   */
  async function readFirst(wanted, signal) {
    /** @type {T[]} */
    const found = [];
    /** @type {string | undefined} */
    let cursor;
    do {
      const limit = Math.min(MOST, Math.max(size, wanted - found.length));
      const page = await read(path, { ...asked, limit, cursor }, signal);
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined && found.length < wanted);
    await prepare(found);
    if (signal.aborted) return;
    [items, next] = [found, cursor];
    draw();
  }

  /** @param {AbortSignal} signal */
  async function readNext(signal) {
    const page = await read(path, { ...asked, limit: size, cursor: next }, signal);
    await prepare(page.items);
    if (signal.aborted) return;
    const first = page.items[0];
    items = [...items, ...page.items];
    next = page.nextCursor;
    draw();
    // Whoever reads on does so at the first of them.
    if (first) focusKey(list, `line ${first.id}`);
  }

  /** @param {HTMLElement} message */
  const fail = (message) => refill(list, message);

  function more() {
    work.run(readNext, (message) => {
      list.querySelector(":scope > .error")?.remove();
      list.append(message);
    });
  }

  return {
    element: list,
    /** @param {Query} [query] */
    show(query = {}) {
      asked = query;
      work.run((signal) => readFirst(size, signal), fail);
    },
    /** Reads it anew, as far as it is shown. */
    again: () => work.run((signal) => readFirst(items.length, signal), fail),
    stop: work.stop,
  };
}

/**
 * Does something to what is listed, by a button in a line; what is refused is told in that line.
 *
 * @param {HTMLElement} trouble
 * @param {() => Promise<void>} work
 */
export async function actIn(trouble, work) {
  trouble.textContent = "";
  try {
    await work();
  } catch (error) {
    trouble.textContent = inWords(error);
  }
}
