// @ts-check
//
// What did not go well, in words.

import { Refused, Unreachable } from "./ask.js";
import { isText, text } from "./texts.js";

/**
 * Why something was refused, in the language of the page.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function inWords(error) {
  if (error instanceof Unreachable) return text("unreachable");
  if (!(error instanceof Refused)) throw error;
  const name = `code-${error.code}`;
  if (isText(name)) return text(name);
  if (error.status === 429) return text("tooMany");
  if (error.status >= 502) return text("unavailable");
  // A code that has no text here is told as the service tells it, rather than not at all.
  return error.problem.detail ?? text("wrong");
}

/**
 * Which fields of a form were wrong, by name, in words.
 *
 * @param {unknown} error
 * @returns {Map<string, string>}
 */
export function wrongFields(error) {
  const violations = error instanceof Refused ? (error.problem.errors ?? []) : [];
  return new Map(
    violations.map(({ pointer, code, detail }) => {
      const name = `code-${code}`;
      return [pointer.slice(1), isText(name) ? text(name) : detail];
    }),
  );
}
