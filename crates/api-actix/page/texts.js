// @ts-check
//
// All texts of the page, and the language in which it speaks. They stand in `texts/`, by subject; what stands in braces is put
// in where the text is used.

import * as access from "./texts/access.js";
import * as admin from "./texts/admin.js";
import * as aside from "./texts/aside.js";
import * as audit from "./texts/audit.js";
import * as board from "./texts/board.js";
import * as booking from "./texts/booking.js";
import * as hours from "./texts/hours.js";
import * as page from "./texts/page.js";
import * as patients from "./texts/patients.js";
import * as problems from "./texts/problems.js";
import * as waitlist from "./texts/waitlist.js";

const TEXTS = {
  en: {
    ...page.en,
    ...board.en,
    ...booking.en,
    ...hours.en,
    ...aside.en,
    ...patients.en,
    ...waitlist.en,
    ...admin.en,
    ...access.en,
    ...audit.en,
    ...problems.en,
  },
  de: {
    ...page.de,
    ...board.de,
    ...booking.de,
    ...hours.de,
    ...aside.de,
    ...patients.de,
    ...waitlist.de,
    ...admin.de,
    ...access.de,
    ...audit.de,
    ...problems.de,
  },
};

/** @typedef {keyof typeof TEXTS.en} TextName */

/** @type {keyof typeof TEXTS} */
export const language = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";

/**
 * @param {string} name
 * @returns {name is TextName}
 */
export const isText = (name) => Object.hasOwn(TEXTS[language], name);

/**
 * @param {TextName} name
 * @param {Record<string, string>} [values] what is put in, by the name in the braces
 */
export const text = (name, values = {}) =>
  TEXTS[language][name].replace(/\{(\w+)\}/g, (braces, value) => values[value] ?? braces);

/**
 * A text, or else what the service calls it.
 *
 * @param {string} name
 * @param {string} other
 */
export const textOr = (name, other) => (isText(name) ? text(name) : other);
