// @ts-check
//
// Keeps a slot for whoever fills in a form: nobody else can have it meanwhile. The time that is left shows, and can be made
// longer.

import { change, create, giveBack } from "../ask.js";
import { el } from "../dom.js";
import { text } from "../texts.js";
import { countdown } from "../time.js";

/** How long a slot is kept at once, in seconds. */
const KEPT = 300;
/** How long before its end it is said that the time runs out: milliseconds. */
const WARNING = 60_000;

/**
 * @typedef {object} Wanted
 * @property {string} doctorId
 * @property {string} start
 * @property {string | null} visitType
 */

/**
 * @param {(error: unknown) => void} refused
 */
export function keeper(refused) {
  const shown = el("span", { class: "countdown", "aria-hidden": "true" });
  const told = el("span", { role: "status", class: "told" });
  const longer = el("button", { type: "button", class: "plain", hidden: true }, text("keepLonger"));
  const element = el("p", { class: "keeping" }, told, " ", shown, " ", longer);
  /** @type {string | null} */
  let held = null;
  /** @type {Wanted | null} */
  let wanted = null;
  let until = 0;
  let timer = 0;
  let asked = 0;
  let hasWarned = false;
  /** What was kept by somebody else, such as for whoever waits, is not for us to give back, or to make longer. */
  let isOurs = true;

  function tick() {
    const left = until - Date.now();
    shown.textContent = countdown(left);
    longer.hidden = !isOurs || left > WARNING;
    if (left <= 0) {
      clearInterval(timer);
      held = null;
      shown.textContent = "";
      told.textContent = text("keptNoMore");
    } else if (left <= WARNING && !hasWarned) {
      hasWarned = true;
      told.textContent = text("keptShortly");
    }
  }

  async function release() {
    clearInterval(timer);
    const old = held;
    held = null;
    told.textContent = "";
    shown.textContent = "";
    longer.hidden = true;
    // It runs out by itself where that does not work.
    if (old !== null && isOurs) await change("DELETE", `/holds/${old}`).catch(() => {});
  }

  /**
   * @param {string} id
   * @param {number} end
   */
  function begin(id, end) {
    held = id;
    until = end;
    hasWarned = false;
    told.textContent = text("kept");
    clearInterval(timer);
    timer = window.setInterval(tick, 1000);
    tick();
  }

  /** @param {Wanted} next */
  async function keep(next) {
    const mine = (asked += 1);
    wanted = next;
    await release();
    const { doctorId, start, visitType } = next;
    try {
      const hold = await create("/holds", {
        doctorId,
        start,
        ttlSeconds: KEPT,
        ...(visitType ? { visitType } : {}),
      });
      // Whoever has gone on to another slot, or away, does not want this one any more.
      if (mine !== asked) return void giveBack(`/holds/${hold.id}`);
      // Not by the clock here, which may be wrong.
      begin(hold.id, Date.now() + Date.parse(hold.expiresAt) - Date.parse(hold.createdAt));
    } catch (error) {
      if (mine !== asked) return;
      told.textContent = "";
      refused(error);
    }
  }
  longer.addEventListener("click", () => wanted && keep(wanted));
  const leave = () => {
    if (held !== null && isOurs) giveBack(`/holds/${held}`);
  };
  window.addEventListener("pagehide", leave);

  return {
    element,
    keep,
    release,
    /**
     * Something is kept already, by somebody else.
     *
     * @param {{ id: string, expiresAt: string }} hold
     */
    adopt(hold) {
      isOurs = false;
      begin(hold.id, Date.parse(hold.expiresAt));
    },
    /** The hold, as long as there is one. */
    id: () => held,
    /** It has become a booking: there is nothing to give back. */
    used() {
      held = null;
    },
    stop() {
      asked += 1;
      window.removeEventListener("pagehide", leave);
      release();
    },
  };
}
