// @ts-check
//
// Why a time is not free: every rule, and whether it is kept.

import { read } from "../ask.js";
import { el } from "../dom.js";
import { inWords } from "../problems.js";
import { can } from "../session.js";
import { text, textOr } from "../texts.js";
import { plainTime } from "../time.js";
import { openBook } from "./book.js";
import { openDialog } from "./dialog.js";
import { isRule } from "./refusal.js";
import { when } from "./when.js";

/** @typedef {import("../api").components["schemas"]["Finding"]} Finding */

/**
 * @param {import("../directory.js").Whom} doctor
 * @param {string} start
 * @param {string} visitType
 */
export async function showWhy(doctor, start, visitType) {
  const rules = el("ul", { class: "rules" });
  const ways = el("div", { class: "actions" });
  let isMeant = false;
  const dialog = openDialog(
    text("whyNotFree"),
    [el("p", { class: "lead" }, `${doctor.name}, `, when(start, null, doctor.zone)), rules, ways],
    () => isMeant && openBook({ doctor, start, visitType }),
  );
  try {
    const explanation = await read(`/doctors/${doctor.id}/availability/explain`, { start, visitType });
    rules.replaceChildren(
      ...explanation.rules.map((/** @type {Finding} */ { rule, passed, blockedBy }) =>
        el(
          "li",
          { class: passed ? "passed" : "failed" },
          el("span", { class: "sign", "aria-hidden": "true" }, passed ? "✓" : "✕"),
          textOr(`rule-${rule}`, rule),
          ": ",
          text(passed ? "kept-rule" : "broken-rule"),
          blockedBy ? ` (${plainTime(blockedBy.start, doctor.zone)} – ${plainTime(blockedBy.end, doctor.zone)})` : null,
        ),
      ),
    );
    const broken = explanation.rules.filter((/** @type {Finding} */ { passed }) => !passed);
    // Whoever may set all of that aside can book it for a reason.
    if (!can.setAside() || !broken.every((/** @type {Finding} */ { code }) => isRule(code ?? ""))) return;
    const book = () => {
      isMeant = true;
      dialog.close();
    };
    ways.append(el("button", { type: "button", class: "plain", on: { click: book } }, text("bookAllTheSame")));
  } catch (error) {
    rules.replaceChildren(el("li", { class: "error" }, inWords(error)));
  }
}
