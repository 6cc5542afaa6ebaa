// @ts-check
//
// From when on hours hold: from a date on, or since ever, and until when that is.

import { el, labelled } from "../dom.js";
import { text } from "../texts.js";
import { dateText, plusDays } from "../time.js";

/** @typedef {import("./versions.js").Version} Version */

export function effective() {
  const date = el("input", { type: "date", required: true, "aria-describedby": "from-hint from-error" });
  const hint = el("p", { class: "hint", id: "from-hint", role: "status" });
  const trouble = el("p", { class: "error", id: "from-error", role: "alert" });
  /** @param {"date" | "ever"} value */
  const radio = (value) => el("input", { type: "radio", name: "effective", value });
  const [onDate, ever] = [radio("date"), radio("ever")];
  /** @type {Version[]} */
  let versions = [];

  function tell() {
    trouble.textContent = "";
    date.ariaInvalid = "false";
    const from = ever.checked ? null : date.value;
    if (from === "") return void (hint.textContent = "");
    const begins = versions.map(({ effectiveFrom }) => effectiveFrom).filter((one) => one !== null);
    const next = begins.sort().find((one) => one > (from ?? ""));
    const replaces = versions.some(({ effectiveFrom }) => effectiveFrom === from);
    const until = next === undefined ? null : dateText(plusDays(next, -1), "numbers");
    const replaced = from === null ? text("replacesEver") : text("replacesVersion", { from: dateText(from, "numbers") });
    const held = until === null ? text("holdsOn") : text("holdsUntil", { until });
    hint.textContent = replaces ? `${replaced} ${held}` : held;
  }
  for (const field of [date, onDate, ever]) {
    field.addEventListener("input", () => {
      if (field === date) onDate.checked = true;
      tell();
    });
  }

  return {
    element: el(
      "fieldset",
      { class: "effective" },
      el("legend", {}, text("whenOn")),
      el("label", { class: "option" }, onDate, text("onDate")),
      labelled(text("firstDay"), date),
      trouble,
      el("label", { class: "option" }, ever, text("sinceEver")),
      hint,
    ),
    /**
     * @param {string | null} from
     * @param {Version[]} all
     */
    set(from, all) {
      versions = all;
      ever.checked = from === null;
      onDate.checked = from !== null;
      if (from !== null) date.value = from;
      tell();
    },
    /** @param {Version[]} all */
    know(all) {
      versions = all;
      tell();
    },
    /** The first date; null: since ever; undefined: none was given, which it has said. */
    get() {
      if (ever.checked) return null;
      if (date.value !== "") return date.value;
      this.refuse(text("chooseDate"));
      return undefined;
    },
    /** @param {string} why */
    refuse(why) {
      trouble.textContent = why;
      date.ariaInvalid = "true";
      date.focus();
    },
  };
}
