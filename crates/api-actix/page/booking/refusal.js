// @ts-check
//
// What to do about a time that was refused: which free ones are near, and, for whoever may, which rules would have to be set
// aside. Nothing sets aside that a doctor is taken.

import { Refused } from "../ask.js";
import { el, labelled } from "../dom.js";
import { inWords } from "../problems.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { dayAndTime } from "../time.js";

/** @typedef {import("../api").components["schemas"]["RuleName"]} RuleName */
/** @typedef {import("../api").components["schemas"]["RulesOverride"]} RulesOverride */

/** @type {readonly RuleName[]} */
const RULES = ["off-grid", "outside-working-hours", "notice-too-short", "beyond-horizon", "patient-busy"];

/**
 * Whether this is a rule that can be set aside.
 *
 * @param {string} code
 * @returns {code is RuleName}
 */
export const isRule = (code) => RULES.some((rule) => rule === code);

/**
 * What a set of rules is called.
 *
 * @param {RuleName[]} rules
 */
export const inList = (rules) => rules.map((rule) => text(`aside-${rule}`));

/**
 * @param {(start: string) => void} take one of the free times that are near is chosen
 */
export function refusal(take) {
  const trouble = el("p", { class: "error", role: "alert" });
  const others = el("div", { class: "alternatives" });
  const names = el("ul", { class: "aside-rules" });
  const reason = el("input", { maxlength: 1000, required: true });
  const missing = el("p", { class: "error", role: "alert" });
  const aside = el(
    "fieldset",
    { class: "aside", hidden: true },
    el("legend", {}, text("setAside")),
    names,
    labelled(text("setAsideWhy"), reason, text("setAsideHint")),
    missing,
  );
  /** @type {RuleName[]} */
  let rules = [];

  function clear() {
    trouble.textContent = "";
    missing.textContent = "";
    reason.ariaInvalid = "false";
    others.replaceChildren();
  }

  const element = el("div", { class: "refusal" }, trouble, others, aside);
  /** A form may be longer than the screen. */
  const showIt = () => element.scrollIntoView({ block: "nearest" });

  return {
    element,
    /**
     * Tells what was refused.
     *
     * @param {unknown} error
     * @param {Node | null} [visits] the visits of a series that stand in its way
     */
    show(error, visits = null) {
      clear();
      trouble.textContent = visits === null ? inWords(error) : text("seriesRefused");
      if (visits !== null) {
        others.append(visits);
        return showIt();
      }
      if (!(error instanceof Refused)) return showIt();
      const free = error.problem.alternatives ?? [];
      if (free.length > 0) {
        const buttons = free.map((start) =>
          el("button", { type: "button", class: "plain", on: { click: () => take(start) } }, dayAndTime(start)),
        );
        others.append(
          el("p", { id: "alternatives" }, text("alternatives")),
          el("div", { role: "group", "aria-labelledby": "alternatives", class: "actions" }, buttons),
        );
      }
      const codes = [...new Set([error.code, ...(error.problem.errors ?? []).map(({ code }) => code)])];
      if (!can.setAside() || !codes.every(isRule)) {
        aside.hidden = true;
        return showIt();
      }
      // One that is set aside already may show another that stands in the way as well.
      rules = RULES.filter((rule) => codes.includes(rule) || rules.includes(rule));
      names.replaceChildren(...inList(rules).map((name) => el("li", {}, name)));
      aside.hidden = false;
      showIt();
    },
    /** @param {string} said what is missing yet */
    tell(said) {
      trouble.textContent = said;
    },
    /** What was told does not count any more, but what is set aside still does. */
    clear,
    /** It is about another time now. */
    forget() {
      clear();
      rules = [];
      aside.hidden = true;
    },
    /** Whether it is offered to set something aside. */
    isAside: () => !aside.hidden,
    /**
     * What is set aside, as the API takes it; null: it lacks its reason, which has been said.
     *
     * @returns {{ override?: RulesOverride } | null}
     */
    override() {
      if (aside.hidden) return {};
      const why = reason.value.trim();
      if (why !== "") return { override: { rules, reason: why } };
      missing.textContent = text("reasonNeeded");
      reason.ariaInvalid = "true";
      reason.focus();
      return null;
    },
  };
}
