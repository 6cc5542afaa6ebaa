// @ts-check
//
// A booking at the side of the board: who, when, where it stands, what can be done about it, and what has happened to it.

import { change, readAll, readTagged, Refused } from "../ask.js";
import { doctorOf, fullName, typeName } from "../directory.js";
import { el, find, focusKey, labelled, refill } from "../dom.js";
import { described, patientOf } from "../patients.js";
import { inWords } from "../problems.js";
import { say } from "../say.js";
import { can, whoIsIn } from "../session.js";
import { text, textOr } from "../texts.js";
import { dayAndTime, here } from "../time.js";
import { openMove } from "./move.js";
import { when } from "./when.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("../api").components["schemas"]["HistoryEntry"]} HistoryEntry */

/** Which one is shown, and where the focus goes when it is closed. */
let shown = "";
/** @type {{ opener: Element | null, key: string | undefined }} */
let from = { opener: null, key: undefined };
let asked = 0;

/**
 * Shows a booking.
 *
 * @param {string} id
 */
export function showBooking(id) {
  const opener = document.activeElement;
  from = { opener, key: opener instanceof HTMLElement ? opener.dataset.key : undefined };
  shown = id;
  const side = find("side", HTMLElement);
  side.hidden = false;
  side.replaceChildren(frame([el("p", { class: "quiet" }, text("wait"))]));
  focusTitle();
  load(id);
}

/** Closes it. */
export function closeBooking() {
  if (shown === "") return;
  shown = "";
  asked += 1;
  const side = find("side", HTMLElement);
  const hadFocus = side.contains(document.activeElement);
  side.hidden = true;
  side.replaceChildren();
  if (!hadFocus) return;
  const { opener, key } = from;
  if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) return opener.focus();
  if (key !== undefined && focusKey(document, key)) return;
  const title = document.querySelector("#view h2");
  if (title instanceof HTMLElement) title.focus();
}

/**
 * Looks at it anew, if it may have changed.
 *
 * @param {import("../live.js").News} news
 */
export function updateBooking({ all, bookings }) {
  // Whoever is giving a reason for something is not interrupted.
  const isWriting = find("side", HTMLElement).querySelector("form:not([hidden])") !== null;
  if (shown !== "" && !isWriting && (all || bookings.has(shown))) load(shown);
}

function focusTitle() {
  const title = document.getElementById("side-title");
  title?.focus();
}

/** @param {(Node | null)[]} content */
function frame(content) {
  const close = el(
    "button",
    {
      type: "button",
      class: "plain close",
      "data-key": "close",
      "aria-label": text("close"),
      title: text("close"),
      on: { click: closeBooking },
    },
    "✕",
  );
  return el(
    "div",
    {},
    el("header", {}, el("h2", { id: "side-title", tabindex: -1, "data-key": "side-title" }, text("visit")), close),
    content,
  );
}

/** @param {string} id */
async function load(id) {
  const mine = (asked += 1);
  const side = find("side", HTMLElement);
  try {
    const { value: booking, tag } = /** @type {{ value: Booking, tag: string | null }} */ (
      await readTagged(`/bookings/${id}`)
    );
    const [patient, doctor, type, history] = await Promise.all([
      patientOf(booking.patientId),
      doctorOf(booking.doctorId),
      typeName(booking.visitType),
      readAll(`/bookings/${id}/history`),
    ]);
    if (mine !== asked) return;
    const facts = el(
      "dl",
      {},
      fact(text("patient"), described(patient)),
      fact(text("doctor"), `${fullName(doctor)} · ${doctor.specialty}`),
      fact(text("when"), el("span", {}, when(booking.start, booking.end, booking.timeZone))),
      fact(text("status"), el("span", { class: `badge ${booking.status}` }, text(`status-${booking.status}`))),
      type === null ? null : fact(text("visitType"), type),
      booking.reason ? fact(text("reasonForVisit"), booking.reason) : null,
      booking.cancelReason ? fact(text("cancelReason"), booking.cancelReason) : null,
    );
    refill(
      side,
      frame([
        facts,
        booking.outsideHours ? el("p", { class: "warning" }, text("outsideHours")) : null,
        actions(booking, tag),
        el("h3", {}, text("history")),
        el(
          "ol",
          { class: "history" },
          history.map((entry) => el("li", {}, told(entry, booking))),
        ),
      ]),
    );
  } catch (error) {
    if (mine === asked) refill(side, frame([el("p", { class: "error", role: "alert" }, inWords(error))]));
  }
}

/**
 * @param {string} name
 * @param {string | Node} value
 */
const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

/**
 * @param {Booking} booking
 * @param {string | null} tag
 */
function actions(booking, tag) {
  const trouble = el("p", { class: "error", role: "alert" });
  const { status, id } = booking;
  const hasBegun = Date.parse(booking.start) <= Date.now();

  /**
   * @param {string} what
   * @param {object} [body]
   */
  async function act(what, body = {}) {
    trouble.textContent = "";
    try {
      const now = await change("POST", `/bookings/${id}/${what}`, body, tag);
      say(text("nowIs", { status: text(`status-${/** @type {Booking} */ (now).status}`) }));
      await load(id);
      focusTitle();
    } catch (error) {
      // Somebody else was quicker: what it is now shows, and the answer stays beside it.
      if (error instanceof Refused && (error.status === 412 || error.status === 409)) {
        await load(id);
        say(inWords(error));
        focusTitle();
      } else {
        trouble.textContent = inWords(error);
      }
    }
  }
  /**
   * @param {"arrive" | "fulfil" | "no-show" | "reinstate"} what
   */
  const button = (what) =>
    el(
      "button",
      { type: "button", class: "plain", "data-key": what, on: { click: () => act(what) } },
      text(`do-${what}`),
    );

  const why = el("input", { required: true, maxlength: 500 });
  const cancel = el(
    "form",
    { class: "cancel", hidden: true, novalidate: true },
    labelled(text("cancelReason"), why),
    el(
      "div",
      { class: "actions" },
      el("button", { type: "submit", class: "danger" }, text("cancelVisit")),
      el(
        "button",
        {
          type: "button",
          class: "plain",
          on: {
            click: () => {
              cancel.hidden = true;
              start.focus();
            },
          },
        },
        text("keepVisit"),
      ),
    ),
  );
  cancel.addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = why.value.trim();
    if (reason === "") {
      trouble.textContent = text("reasonNeeded");
      why.ariaInvalid = "true";
      return why.focus();
    }
    act("cancel", { reason });
  });
  const start = el("button", { type: "button", class: "plain", "data-key": "cancel" }, text("do-cancel"));
  start.addEventListener("click", () => {
    cancel.hidden = false;
    why.focus();
  });

  const isOpen = status === "booked";
  const buttons = [
    isOpen && can.advance() ? button("arrive") : null,
    status === "arrived" && can.advance() ? button("fulfil") : null,
    isOpen && hasBegun && can.advance() ? button("no-show") : null,
    isOpen && can.book()
      ? el(
          "button",
          {
            type: "button",
            class: "plain",
            "data-key": "move",
            on: { click: () => openMove(booking, tag, () => load(id)) },
          },
          text("do-move"),
        )
      : null,
    isOpen && can.book() ? start : null,
    status === "cancelled" && can.reinstate() ? button("reinstate") : null,
  ];
  return el("div", {}, el("div", { class: "actions" }, buttons), cancel, trouble);
}

/**
 * What has happened, in words.
 *
 * @param {HistoryEntry} entry
 * @param {Booking} booking
 */
function told({ what, at, who, why, before, after }, booking) {
  const moved =
    before.start && after.start
      ? text("fromTo", { from: dayAndTime(before.start), to: dayAndTime(after.start) })
      : null;
  return [
    el("time", { datetime: at }, here(at)),
    " ",
    el("strong", {}, textOr(`what-${what}`, what)),
    `, ${by(who, booking)}`,
    moved === null ? null : el("span", { class: "more" }, moved),
    why ? el("span", { class: "more" }, text("quoted", { why })) : null,
  ];
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
