// @ts-check
//
// A dialog: nothing else can be done while it is open, Escape closes it, and the focus goes back to where it was.

import { el, focusKey } from "../dom.js";
import { text } from "../texts.js";

/** One can stand on another. */
let dialogs = 0;

/**
 * @param {string} title
 * @param {(Node | null)[]} content
 * @param {() => void} [closed] done when it is closed, however that was
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, closed = () => {}) {
  const opener = document.activeElement;
  const key = opener instanceof HTMLElement ? opener.dataset.key : undefined;
  dialogs += 1;
  const heading = el("h2", { id: `dialog-title-${dialogs}` }, title);
  const close = el(
    "button",
    { type: "button", class: "plain close", "aria-label": text("close"), title: text("close") },
    "✕",
  );
  const dialog = el(
    "dialog",
    { "aria-labelledby": heading.id },
    el("header", {}, heading, close),
    el("div", { class: "content" }, content),
  );
  close.addEventListener("click", () => dialog.close());
  // It belongs to where one was.
  const leave = () => dialog.close();
  window.addEventListener("hashchange", leave);
  dialog.addEventListener("close", () => {
    window.removeEventListener("hashchange", leave);
    dialog.remove();
    // The board may have been drawn anew meanwhile.
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    else if (key === undefined || !focusKey(document, key)) focusTitle();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** What had the focus is gone: then it is best on the title of the view. */
function focusTitle() {
  const title = document.querySelector("#view h2");
  if (title instanceof HTMLElement) title.focus();
}

/**
 * Keeps a form from being sent off twice, and the browser from sending it at all.
 *
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} work
 */
export function onSubmit(form, work) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    try {
      await work();
    } finally {
      form.ariaBusy = "false";
    }
  });
}
