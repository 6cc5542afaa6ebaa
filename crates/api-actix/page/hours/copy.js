// @ts-check
//
// Copies the windows of a day to other days, in place of what is there.

import { onSubmit, openDialog } from "../booking/dialog.js";
import { el } from "../dom.js";
import { text } from "../texts.js";
import { DAYS, dayText } from "./windows.js";

/** @typedef {import("./windows.js").DayName} DayName */

/**
 * @param {DayName} day
 * @param {(days: DayName[]) => void} copy
 */
export function openCopy(day, copy) {
  const trouble = el("p", { class: "error", role: "alert" });
  const boxes = DAYS.filter((other) => other !== day).map((other) => ({ other, box: el("input", { type: "checkbox" }) }));
  const form = el(
    "form",
    { novalidate: true },
    el(
      "fieldset",
      {},
      el("legend", {}, text("copyTo")),
      boxes.map(({ other, box }) => el("label", { class: "option" }, box, dayText(other))),
    ),
    trouble,
    el("div", { class: "actions" }, el("button", { type: "submit" }, text("copy"))),
  );
  const dialog = openDialog(text("copyDay", { day: dayText(day) }), [el("p", { class: "hint" }, text("copyHint")), form]);
  boxes[0].box.focus();
  onSubmit(form, async () => {
    const days = boxes.filter(({ box }) => box.checked).map(({ other }) => other);
    if (days.length === 0) {
      trouble.textContent = text("chooseDays");
      boxes[0].box.focus();
      return;
    }
    dialog.close();
    copy(days);
  });
}
