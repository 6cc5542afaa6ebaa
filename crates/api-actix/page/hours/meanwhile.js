// @ts-check
//
// Says that somebody else has changed the same hours, and what is there now. What was drawn stays until it is given up.

import { el } from "../dom.js";
import { text } from "../texts.js";
import { versionText, weeklyText } from "./versions.js";

/** @typedef {import("./versions.js").Version} Version */
/** @typedef {{ versions: Version[], tag: string | null }} Seen */

/** @param {{ take: () => void, keep: () => void }} choice */
export function meanwhile({ take, keep }) {
  const element = el("div", { class: "meanwhile", role: "alert", hidden: true });
  /** @type {Seen | null} */
  let seen = null;

  return {
    element,
    seen: () => seen,
    /**
     * @param {Seen} now
     * @param {Version | null} version that which is there now, on the date on which what was drawn would begin
     */
    show(now, version) {
      // The same is not told twice.
      if (!element.hidden && JSON.stringify(seen) === JSON.stringify(now)) return;
      seen = now;
      element.hidden = false;
      /**
       * @param {string} name
       * @param {string} key
       * @param {() => void} act
       */
      const button = (name, key, act) =>
        el("button", { type: "button", class: "plain", "data-key": key, on: { click: act } }, name);
      element.replaceChildren(
        el("p", { class: "warning" }, text("changedMeanwhile")),
        version === null
          ? el("p", {}, text("noVersions"))
          : el("div", {}, el("p", {}, text("thereIsNow", { version: versionText(version) })), weeklyText(version.weekly)),
        el(
          "div",
          { class: "actions" },
          button(text("keepDrawn"), "keep mine", keep),
          button(text("takeTheirs"), "take theirs", take),
        ),
      );
    },
    hide() {
      seen = null;
      element.hidden = true;
      element.replaceChildren();
    },
  };
}
