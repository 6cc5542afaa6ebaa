// @ts-check
//
// Reads for a view. What was asked for earlier and comes later shows nothing any more.

import { el } from "../dom.js";
import { inWords } from "../problems.js";
import { text } from "../texts.js";

/**
 * @param {HTMLElement} host what is told to be busy meanwhile
 */
export function reading(host) {
  /** @type {AbortController | null} */
  let current = null;
  return {
    /**
     * @param {(signal: AbortSignal) => Promise<void>} work
     * @param {(message: HTMLElement) => void} fail shows what went wrong
     */
    async run(work, fail) {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      host.setAttribute("aria-busy", "true");
      try {
        await work(mine.signal);
      } catch (error) {
        if (mine.signal.aborted) return;
        fail(el("p", { class: "error", role: "alert" }, inWords(error)));
      } finally {
        if (current === mine) host.removeAttribute("aria-busy");
      }
    },
    stop() {
      current?.abort();
    },
  };
}

/**
 * Tells what went wrong above what was read before, which is still better than nothing.
 *
 * @param {HTMLElement} host
 * @returns {(message: HTMLElement) => void}
 */
export const above = (host) => (message) => {
  host.querySelector(":scope > .error")?.remove();
  host.prepend(message);
};

/** Shown while nothing is there yet. */
export const waiting = () => el("p", { class: "quiet" }, text("wait"));
