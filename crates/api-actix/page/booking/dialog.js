// @ts-check
//
// A dialog: nothing else can be done while it is open, Escape closes it, and the focus goes back to where it was.

import { el, focusKey } from "../dom.js";
import { text } from "../texts.js";

/**
 * @param {string} title
 * @param {(Node | null)[]} content
 * @param {() => void} [closed] done when it is closed, however that was
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, closed = () => {}) {
  const opener = document.activeElement;
  const key = opener instanceof HTMLElement ? opener.dataset.key : undefined;
  const heading = el("h2", { id: "dialog-title" }, title);
  const close = el(
    "button",
    { type: "button", class: "plain close", "aria-label": text("close"), title: text("close") },
    "✕",
  );
  const dialog = el(
    "dialog",
    { "aria-labelledby": "dialog-title" },
    el("header", {}, heading, close),
    .../** @type {Node[]} */ (content.filter(Boolean)),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
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
