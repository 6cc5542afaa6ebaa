// @ts-check
//
// Asks before something is done that cannot be taken back. What is safe has the focus.

import { el } from "../dom.js";
import { inWords } from "../problems.js";
import { openDialog } from "../booking/dialog.js";
import { text } from "../texts.js";

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {(string | null)[]} means what it means, a paragraph each
 * @property {string} act
 * @property {() => Promise<void>} work what is refused is told here
 */

/** @param {Question} question */
export function confirmFirst({ title, means, act, work }) {
  const trouble = el("p", { class: "error", role: "alert" });
  const keep = el("button", { type: "button", class: "plain" }, text("admin-keep"));
  const go = el("button", { type: "button", class: "danger" }, act);
  const dialog = openDialog(title, [
    ...means.map((one) => (one === null ? null : el("p", {}, one))),
    trouble,
    el("div", { class: "actions" }, keep, go),
  ]);
  keep.addEventListener("click", () => dialog.close());
  go.addEventListener("click", async () => {
    if (go.ariaBusy === "true") return;
    go.ariaBusy = "true";
    trouble.textContent = "";
    try {
      await work();
      dialog.close();
    } catch (error) {
      trouble.textContent = inWords(error);
      keep.focus();
    } finally {
      go.ariaBusy = "false";
    }
  });
  keep.focus();
}
