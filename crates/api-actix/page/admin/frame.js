// @ts-check
//
// What every part of the administration has: the way to the others, and a title.

import { el, heard } from "../dom.js";
import { link } from "../route.js";
import { text } from "../texts.js";
import { isFor } from "../views.js";
import { PARTS } from "./parts.js";

/** @typedef {import("./parts.js").Part} Part */

/**
 * Puts a part into the middle of the page.
 *
 * @param {HTMLElement} host
 * @param {Part} now
 * @param {...(Node | null)} content
 * @returns {HTMLElement} its title
 */
export function frame(host, now, ...content) {
  const title = el("h2", { tabindex: -1 }, text(`view-${now}`));
  const parts = PARTS.filter(isFor).map((part) =>
    el(
      "a",
      { href: link(part), "data-key": `part ${part}`, "aria-current": part === now ? "page" : null },
      text(`view-${part}`),
    ),
  );
  host.replaceChildren(
    el("nav", { class: "parts", "aria-label": text("admin-parts") }, parts),
    title,
    .../** @type {Node[]} */ (content.filter(Boolean)),
  );
  return title;
}

/**
 * A button in a line of a list: it says of what, to those who hear it.
 *
 * @param {string} label
 * @param {string} of
 * @param {string} key
 * @param {() => void} act
 */
export const lineButton = (label, of, key, act) =>
  el("button", { type: "button", class: "plain", "data-key": key, on: { click: act } }, label, heard(of));

/**
 * @param {string} name
 * @param {string | Node | (string | Node)[]} value
 */
export const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
