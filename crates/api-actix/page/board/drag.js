// @ts-check
//
// Moves a visit on the board by dragging it onto a free slot: with a mouse at once, with a finger after it has rested for a
// moment, so that one can still scroll. Nothing is sent before it is confirmed.

import { readTagged } from "../ask.js";
import { openMove } from "../booking/move.js";
import { allDoctors } from "../directory.js";
import { el, focusKey } from "../dom.js";
import { inWords } from "../problems.js";
import { say } from "../say.js";
import { can } from "../session.js";
import { text } from "../texts.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */

/** How far a mouse goes before it is meant, and a finger may while it rests: pixels. */
const MEANT = 6;
const RESTS_WITHIN = 10;
/** How long a finger has to rest: milliseconds. */
const REST = 400;
/** How near to its edge the board scrolls: pixels, and how far at once. */
const EDGE = 40;
const STEP = 24;

/**
 * @typedef {object} Carried
 * @property {string} id of the booking
 * @property {HTMLElement} chip
 * @property {number} pointer
 * @property {{ x: number, y: number }} from where it began
 * @property {{ x: number, y: number }} at where the pointer is
 * @property {boolean} isOn whether it is being dragged already
 * @property {HTMLElement | null} ghost what goes along with the pointer
 * @property {HTMLElement | null} over the free slot that it is over
 * @property {Promise<{ booking: Booking, tag: string | null } | null>} booking
 * @property {Set<string> | null} offering which doctors have visits of its type; null: that is not known yet
 */

/** @param {HTMLElement} host in which the boards are */
export function dragging(host) {
  /** @type {Carried | null} */
  let carried = null;
  let timer = 0;
  let scrolling = 0;
  // What is drawn anew meanwhile is to show it, too.
  const watcher = new MutationObserver(() => {
    mark();
    if (carried) follow(carried.at.x, carried.at.y);
  });
  // It stands over the board: one that moved it down would move it away from under the pointer.
  const hint = el("p", { class: "drag-hint", role: "status" });

  /** @param {Element} chip */
  const receives = (chip) =>
    chip instanceof HTMLElement &&
    chip.classList.contains("free") &&
    chip.dataset.doctor !== undefined &&
    (carried?.offering?.has(chip.dataset.doctor) ?? true);

  function mark() {
    for (const chip of host.querySelectorAll(".chip")) chip.classList.toggle("receives", receives(chip));
    for (const chip of host.querySelectorAll(`[data-booking="${carried?.id}"]`)) chip.classList.add("carried");
  }

  /** @param {PointerEvent} event */
  function begin({ clientX, clientY }) {
    if (carried === null) return;
    carried.isOn = true;
    carried.booking = look(carried);
    host.classList.add("moving");
    hint.textContent = text("dragHint");
    document.body.append(hint);
    mark();
    watcher.observe(host, { childList: true, subtree: true });
    // Where motion is to be reduced, nothing flies about: what would receive it shows.
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      carried.ghost = el("div", { class: "ghost", "aria-hidden": "true" }, carried.chip.textContent);
      document.body.append(carried.ghost);
    }
    window.addEventListener("keydown", escape, true);
    follow(clientX, clientY);
  }

  /**
   * The booking, and which doctors have visits of its type.
   *
   * @param {Carried} mine
   */
  async function look(mine) {
    try {
      const [{ value: booking, tag }, doctors] = await Promise.all([readTagged(`/bookings/${mine.id}`), allDoctors()]);
      const offering = doctors.filter(
        ({ id, visitTypes }) =>
          id === booking.doctorId || !booking.visitType || (visitTypes?.includes(booking.visitType) ?? true),
      );
      mine.offering = new Set(offering.map(({ id }) => id));
      if (carried === mine) mark();
      return { booking, tag };
    } catch (error) {
      say(inWords(error));
      return null;
    }
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  function follow(x, y) {
    if (carried === null) return;
    carried.at = { x, y };
    if (carried.ghost) carried.ghost.style.translate = `${x + 12}px ${y + 12}px`;
    const chip = document.elementFromPoint(x, y)?.closest(".chip") ?? null;
    const over = chip instanceof HTMLElement && receives(chip) ? chip : null;
    if (over !== carried.over) carried.over?.classList.remove("over");
    over?.classList.add("over");
    carried.over = over;
    clearInterval(scrolling);
    const scroller = host.querySelector(".scroller");
    if (scroller === null) return;
    const box = scroller.getBoundingClientRect();
    /** @type {(at: number, low: number, high: number) => number} */
    const way = (at, low, high) => (at < low + EDGE ? -STEP : at > high - EDGE ? STEP : 0);
    const [left, top] = [way(x, box.left, box.right), way(y, box.top, box.bottom)];
    if (left !== 0 || top !== 0) scrolling = window.setInterval(() => scroller.scrollBy(left, top), 50);
  }

  /** It is over, however that was. */
  function end() {
    clearTimeout(timer);
    clearInterval(scrolling);
    const was = carried;
    carried = null;
    if (was === null || !was.isOn) return null;
    watcher.disconnect();
    window.removeEventListener("keydown", escape, true);
    host.classList.remove("moving");
    was.ghost?.remove();
    hint.remove();
    for (const chip of host.querySelectorAll(".chip")) chip.classList.remove("receives", "over", "carried");
    // What follows is no click on a slot.
    const swallow = (/** @type {Event} */ event) => event.stopPropagation();
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, true), 0);
    return was;
  }

  /** @param {KeyboardEvent} event */
  function escape(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    end();
    say(text("dragGivenUp"));
  }

  /** @param {Carried} was */
  async function drop(was) {
    const { doctor = "", start = "" } = was.over?.dataset ?? {};
    if (was.over === null) return say(text("dragGivenUp"));
    say("");
    const found = await was.booking;
    if (found === null) return;
    // Where it is given up, the focus comes back to the visit.
    focusKey(host, was.chip.dataset.key ?? "");
    openMove(found.booking, found.tag, () => {}, { doctorId: doctor, start });
  }

  host.addEventListener("pointerdown", (event) => {
    const chip = event.target instanceof Element ? event.target.closest("[data-booking]") : null;
    if (!(chip instanceof HTMLElement) || event.button !== 0 || !event.isPrimary || !can.book()) return;
    if (!chip.classList.contains("booked") && !chip.classList.contains("outside")) return;
    carried = {
      id: chip.dataset.booking ?? "",
      chip,
      pointer: event.pointerId,
      from: { x: event.clientX, y: event.clientY },
      at: { x: event.clientX, y: event.clientY },
      isOn: false,
      ghost: null,
      over: null,
      booking: Promise.resolve(null),
      offering: null,
    };
    if (event.pointerType !== "mouse") timer = window.setTimeout(() => begin(event), REST);
  });
  document.addEventListener("pointermove", (event) => {
    if (carried === null || event.pointerId !== carried.pointer) return;
    if (carried.isOn) return follow(event.clientX, event.clientY);
    const far = Math.hypot(event.clientX - carried.from.x, event.clientY - carried.from.y);
    if (event.pointerType === "mouse") {
      if (far > MEANT) begin(event);
    } else if (far > RESTS_WITHIN) {
      end();
    }
  });
  document.addEventListener("pointerup", (event) => {
    if (event.pointerId !== carried?.pointer) return;
    const was = end();
    if (was !== null) drop(was);
  });
  document.addEventListener("pointercancel", (event) => {
    if (event.pointerId === carried?.pointer) end();
  });
  // A finger that drags does not scroll, and asks for no menu.
  host.addEventListener("touchmove", (event) => carried?.isOn && event.preventDefault(), { passive: false });
  host.addEventListener("contextmenu", (event) => carried !== null && timer !== 0 && event.preventDefault());
}
