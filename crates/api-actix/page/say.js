// @ts-check
//
// Says what has happened: on the page, and to those who only hear it.

import { find } from "./dom.js";

let timer = 0;

/**
 * @param {string} said nothing: what was said before does not count any more
 */
export function say(said) {
  const notice = find("status", HTMLElement);
  clearTimeout(timer);
  // The same words again are read out again only if they were gone in between.
  notice.textContent = "";
  timer = setTimeout(() => (notice.textContent = said), 50);
}
