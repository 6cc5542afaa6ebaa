// @ts-check
//
// Makes a change of somebody's time, once whoever makes it knows which visits it would leave outside the hours: it is tried
// first without effect, and they are shown, with the choice to keep them or to go back.

import { newKey, Refused } from "./ask.js";
import { openDialog } from "./booking/dialog.js";
import { when } from "./booking/when.js";
import { doctorOf, fullName } from "./directory.js";
import { el } from "./dom.js";
import { described, patientsOf } from "./patients.js";
import { text } from "./texts.js";

/** @typedef {import("./api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("./api").components["schemas"]["AffectedHold"]} Hold */
/** @typedef {{ affectedBookings: Booking[], affectedHolds: Hold[] }} Affected */
/** @typedef {"?dryRun=true" | "?affected=keep" | ""} How What stands after the path of a change. */

/** How many visits are told one by one. */
const TOLD = 60;

/**
 * @typedef {object} Change
 * @property {string} title what is about to be done, as a question
 * @property {string} [means] what that means besides
 * @property {string} go what the button says that does it where nobody is affected
 * @property {boolean} asks whether it is to be asked for even then
 * @property {boolean} ofMany whether visits of several doctors can be affected
 * @property {(how: How) => Promise<any>} send
 */

/**
 * Tries a change, shows whom it affects, and makes it once that is wanted.
 *
 * @param {Change} change
 * @returns {Promise<{ done: any, kept: number } | null>} null: it was given up
 */
export async function changeKnowingly({ title, means, go, asks, ofMany, send }) {
  /** @type {Affected} */
  let affected = await send("?dryRun=true");
  for (;;) {
    const kept = affected.affectedBookings.length;
    const isNobody = kept + affected.affectedHolds.length === 0;
    if ((!isNobody || asks) && !(await isWanted({ title, means, go, ofMany }, affected))) return null;
    try {
      return { done: await send(isNobody ? "" : "?affected=keep"), kept };
    } catch (error) {
      // Somebody has booked in the meantime.
      if (!(error instanceof Refused) || error.code !== "bookings-affected") throw error;
      affected = {
        affectedBookings: error.problem.affectedBookings ?? [],
        affectedHolds: error.problem.affectedHolds ?? [],
      };
    }
  }
}

/**
 * The key of a request that creates something: what is only tried is tried anew each time.
 *
 * @param {string} key
 * @param {How} how
 */
export const keyFor = (key, how) => (how === "?dryRun=true" ? newKey() : `${key}${how}`);

/**
 * What has come of a change, in words.
 *
 * @param {string} done
 * @param {number} kept how many visits stay, outside of the hours
 */
export function outcome(done, kept) {
  if (kept === 0) return `${done} ${text("nobodyAffected")}`;
  return `${done} ${kept === 1 ? text("oneKept") : text("someKept", { count: String(kept) })}`;
}

/**
 * Shows who is affected, and asks.
 *
 * @param {Pick<Change, "title" | "means" | "go" | "ofMany">} change
 * @param {Affected} affected
 * @returns {Promise<boolean>}
 */
function isWanted({ title, means, go, ofMany }, { affectedBookings: bookings, affectedHolds: holds }) {
  return new Promise((resolve) => {
    const isNobody = bookings.length + holds.length === 0;
    let answer = false;
    const yes = el("button", { type: "button", class: isNobody ? "" : "danger" }, isNobody ? go : text("keepThem"));
    const no = el("button", { type: "button", class: "plain" }, text("goBack"));
    const lines = el("ul", { class: "affected" });
    const more = bookings.length - TOLD;
    const dialog = openDialog(
      title,
      [
        means ? el("p", {}, means) : null,
        el("p", { class: isNobody ? "lead" : "lead warning" }, summary(bookings.length, holds.length)),
        isNobody ? null : el("p", {}, text(bookings.length === 0 ? "keptHoldsMeans" : "keptMeans")),
        el("div", { class: "actions" }, yes, no),
        isNobody ? null : lines,
        more > 0 ? el("p", {}, text("andMore", { count: String(more) })) : null,
      ],
      () => resolve(answer),
    );
    yes.addEventListener("click", () => {
      answer = true;
      dialog.close();
    });
    no.addEventListener("click", () => dialog.close());
    // What does no harm has the focus.
    (isNobody ? yes : no).focus();
    fill(lines, bookings.slice(0, TOLD), holds, ofMany).catch(() => {});
  });
}

/**
 * @param {number} bookings
 * @param {number} holds
 */
function summary(bookings, holds) {
  const parts = [
    bookings === 0 ? null : text(bookings === 1 ? "oneAffected" : "someAffected", { count: String(bookings) }),
    holds === 0 ? null : text(holds === 1 ? "oneHoldAffected" : "someHoldsAffected", { count: String(holds) }),
  ];
  return bookings + holds === 0 ? text("nobodyWouldBe") : parts.filter(Boolean).join(" ");
}

/**
 * When they are is there at once, who they are a moment later.
 *
 * @param {HTMLElement} lines
 * @param {Booking[]} bookings
 * @param {Hold[]} holds
 * @param {boolean} ofMany
 */
async function fill(lines, bookings, holds, ofMany) {
  const who = new Map(bookings.map(({ id }) => [id, el("span", { class: "who" }, "…")]));
  /** @param {string} id */
  const whose = (id) => {
    const shown = el("span", { class: "of" });
    if (!ofMany) return null;
    doctorOf(id)
      .then((doctor) => (shown.textContent = fullName(doctor)))
      .catch(() => {});
    return shown;
  };
  lines.replaceChildren(
    ...bookings.map(({ id, doctorId, start, end, timeZone }) =>
      el("li", {}, when(start, end, timeZone), who.get(id), whose(doctorId)),
    ),
    ...(await Promise.all(
      holds.map(async ({ doctorId, start, end }) => {
        const { timeZone } = await doctorOf(doctorId);
        return el("li", {}, when(start, end, timeZone), el("span", { class: "who" }, text("heldSlot")), whose(doctorId));
      }),
    )),
  );
  const patients = await patientsOf(bookings.map(({ patientId }) => patientId));
  for (const { id, patientId } of bookings) {
    const patient = patients.get(patientId);
    const shown = who.get(id);
    if (patient && shown) shown.textContent = described(patient);
  }
}
