// @ts-check
//
// All versions of a doctor's hours, past and future: each can be looked at, begun from, and removed.

import { el, heard } from "../dom.js";
import { text } from "../texts.js";
import { dateText } from "../time.js";
import { DAYS, dayText, windowText } from "./windows.js";

/** @typedef {import("../api").components["schemas"]["WorkingHours"]} Version */
/** @typedef {import("../api").components["schemas"]["Weekly"]} Weekly */

/**
 * From when until when it holds, in words.
 *
 * @param {Pick<Version, "effectiveFrom" | "effectiveTo">} version
 */
export function versionText({ effectiveFrom, effectiveTo }) {
  const [from, to] = [effectiveFrom, effectiveTo].map((date) => (date ? dateText(date, "numbers") : ""));
  if (from === "") return to === "" ? text("allDates") : text("untilDate", { to });
  return to === "" ? text("fromDate", { from }) : text("fromToDate", { from, to });
}

/**
 * @param {Version} version
 * @param {string} date
 */
export const holdsOn = ({ effectiveFrom, effectiveTo }, date) =>
  (effectiveFrom === null || effectiveFrom <= date) && (effectiveTo === null || date <= effectiveTo);

/**
 * A week in words.
 *
 * @param {Weekly} weekly
 */
export function weeklyText(weekly) {
  const days = DAYS.filter((day) => (weekly[day] ?? []).length > 0);
  if (days.length === 0) return el("p", { class: "why" }, text("nothingWorked"));
  return el(
    "ul",
    { class: "weekly" },
    days.map((day) =>
      el("li", {}, el("strong", {}, dayText(day, "weekday")), " ", (weekly[day] ?? []).map(windowText).join(", ")),
    ),
  );
}

/**
 * @param {Version[]} versions
 * @param {object} about
 * @param {string} about.today at the doctor's
 * @param {Version | null} about.shown
 * @param {(version: Version) => void} about.look
 * @param {(version: Version) => void} about.begin
 * @param {(version: Version) => void} about.remove
 */
export function versionList(versions, { today, shown, look, begin, remove }) {
  /** @param {Version} version */
  function line(version) {
    const name = versionText(version);
    const id = version.effectiveFrom ?? "ever";
    const isToCome = (version.effectiveFrom ?? "") > today;
    const state = holdsOn(version, today) ? "versionNow" : isToCome ? "versionToCome" : "versionPast";
    /**
     * @param {"look" | "begin" | "remove"} what
     * @param {() => void} act
     */
    const button = (what, act) =>
      el(
        "button",
        { type: "button", class: "plain", "data-key": `${what} ${id}`, on: { click: act } },
        text(`${what}Version`),
        " ",
        heard(name),
      );
    return el(
      "li",
      { class: `version ${state}`, "aria-current": shown === version ? "true" : null },
      el("p", {}, el("strong", {}, name), " ", el("span", { class: "badge" }, text(state))),
      weeklyText(version.weekly),
      el(
        "div",
        { class: "actions" },
        button("look", () => look(version)),
        button("begin", () => begin(version)),
        version.effectiveFrom === null ? null : button("remove", () => remove(version)),
      ),
    );
  }
  return versions.length === 0 ? el("p", {}, text("noVersions")) : el("ul", { class: "versions" }, versions.map(line));
}
