// @ts-check
//
// A secret that is shown once: it can be copied, and once the dialog is closed it is nowhere on the page any more.

import { openDialog } from "../booking/dialog.js";
import { el } from "../dom.js";
import { text } from "../texts.js";

/**
 * @param {string} title
 * @param {string} hint what it is for
 * @param {{ name: string, value: string }[]} secrets emptied when it is closed
 */
export function showOnce(title, hint, secrets) {
  const told = el("p", { class: "hint", role: "status" });
  /** @param {{ name: string, value: string }} secret */
  const shown = (secret) => {
    const value = el("code", { class: "secret", tabindex: 0, "aria-label": secret.name }, secret.value);
    const copy = el(
      "button",
      { type: "button", class: "plain", "aria-label": `${text("admin-copy")}: ${secret.name}` },
      text("admin-copy"),
    );
    copy.addEventListener("click", async () => {
      told.textContent = "";
      try {
        // It is not there without https, but on the machine itself.
        await navigator.clipboard.writeText(secret.value);
        told.textContent = text("admin-copied");
      } catch {
        value.focus();
        getSelection()?.selectAllChildren(value);
        told.textContent = text("admin-copy-by-hand");
      }
    });
    return el(
      "div",
      { class: "once", role: "group", "aria-label": secret.name },
      el("p", {}, secret.name),
      value,
      copy,
    );
  };
  const done = el("button", { type: "button" }, text("admin-kept"));
  const content = el("div", {}, secrets.map(shown));
  const dialog = openDialog(
    title,
    [
      el("p", { class: "warning" }, text("admin-once")),
      el("p", {}, hint),
      content,
      told,
      el("div", { class: "actions" }, done),
    ],
    () => {
      content.replaceChildren();
      for (const secret of secrets) secret.value = "";
      secrets.length = 0;
    },
  );
  done.addEventListener("click", () => dialog.close());
}
