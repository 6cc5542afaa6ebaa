// @ts-check
//
// What has happened to a visit, in words: what, when, by whom, and why.

import { el } from "../dom.js";
import { whoIsIn } from "../session.js";
import { text, textOr } from "../texts.js";
import { dayAndTime, here } from "../time.js";
import { inList, isRule } from "./refusal.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("../api").components["schemas"]["HistoryEntry"]} HistoryEntry */

/**
 * @param {HistoryEntry[]} entries
 * @param {Booking} booking
 * @param {(id: string) => string | undefined} nameOf of a doctor
 */
export const history = (entries, booking, nameOf) =>
  el(
    "ol",
    { class: "history" },
    entries.map((entry) => el("li", {}, told(entry, booking, nameOf))),
  );

/**
 * @param {HistoryEntry} entry
 * @param {Booking} booking
 * @param {(id: string) => string | undefined} nameOf
 */
function told({ what, at, who, why, before, after }, booking, nameOf) {
  const isMove = Boolean(before.start && after.start) && before.start !== after.start;
  const [from, to] = [nameOf(before.doctorId ?? ""), nameOf(after.doctorId ?? "")];
  const rules = (after.rulesSetAside ?? "").split(" ").filter(isRule);
  const lines = [
    isMove ? text("fromTo", { from: dayAndTime(before.start), to: dayAndTime(after.start) }) : null,
    before.doctorId && from && to ? text("fromTo", { from, to }) : null,
    rules.length > 0 ? text("wasSetAside", { rules: inList(rules).join("; ") }) : null,
    why ? text("quoted", { why }) : null,
    after.changeReason ? text("quoted", { why: after.changeReason }) : null,
  ];
  return [
    el("time", { datetime: at }, here(at)),
    " ",
    el("strong", {}, textOr(`what-${what}`, what)),
    `, ${by(who, booking)}`,
    lines.map((line) => (line === null ? null : el("span", { class: "more" }, line))),
  ].flat();
}

/**
 * @param {HistoryEntry["who"]} who
 * @param {Booking} booking
 */
function by(who, booking) {
  if (who.kind === "service") return text("by-service");
  if (who.id === whoIsIn().callerId) return text("by-you");
  if (who.id === booking.patientId) return text("by-patient");
  if (who.id === booking.doctorId) return text("by-doctor");
  return text("by-staff");
}
