// @ts-check
//
// Asks before what nobody has saved yet is lost.

import { openDialog } from "./booking/dialog.js";
import { el } from "./dom.js";
import { text } from "./texts.js";

/**
 * @typedef {object} Unsaved What a view would lose.
 * @property {(to: { name: string, params: URLSearchParams } | null) => boolean} wouldLose whether going there would lose
 *   anything; null: leaving the page
 * @property {() => void} stay one stays after all
 * @property {() => void} discard it may be lost
 */

/** Where one is, as the address says it. */
let at = "";

/**
 * Holds back whoever goes elsewhere, until it is said that what is not saved may be lost.
 *
 * @param {Unsaved | undefined} unsaved
 * @param {{ name: string, params: URLSearchParams }} to
 * @returns {boolean} whether one is held back
 */
export function isHeldBack(unsaved, to) {
  if (!unsaved?.wouldLose(to)) {
    at = location.hash;
    return false;
  }
  const hash = location.hash;
  history.replaceState(history.state, "", at === "" ? location.pathname : at);
  unsaved.stay();
  mayDrop().then((may) => {
    if (!may) return;
    unsaved.discard();
    location.hash = hash;
  });
  return true;
}

/**
 * Whether what is not saved may be lost.
 *
 * @returns {Promise<boolean>}
 */
export function mayDrop() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  return new Promise((resolve) => {
    let may = false;
    const stay = el("button", { type: "button" }, text("stayHere"));
    const leave = el("button", { type: "button", class: "danger" }, text("dropChanges"));
    const dialog = openDialog(
      text("notSaved"),
      [el("p", {}, text("notSavedHint")), el("div", { class: "actions" }, stay, leave)],
      () => resolve(may),
    );
    stay.addEventListener("click", () => dialog.close());
    leave.addEventListener("click", () => {
      may = true;
      dialog.close();
    });
    stay.focus();
  });
}

/**
 * What is typed into a form and not sent off.
 *
 * @param {HTMLFormElement} form
 * @param {() => void} [stay]
 * @returns {{ unsaved: Unsaved, saved: () => void }} `saved`: what was typed is not lost any more
 */
export function typedInto(form, stay = () => {}) {
  let isTyped = false;
  form.addEventListener("input", () => (isTyped = true));
  const saved = () => void (isTyped = false);
  return { unsaved: { wouldLose: () => isTyped, stay, discard: saved }, saved };
}
