// @ts-check
//
// A booking at the side of the board: who, when, where it stands, what can be done about it, and what has happened to it.

import { change, readAll, readTagged, Refused } from "../ask.js";
import { allDoctors, doctorOf, fullName, typeName } from "../directory.js";
import { el, find, focusKey, labelled, refill } from "../dom.js";
import { described, patientOf } from "../patients.js";
import { inWords } from "../problems.js";
import { link } from "../route.js";
import { say } from "../say.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { history } from "./history.js";
import { openMove } from "./move.js";
import { when } from "./when.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */

/** Which one is shown, and where the focus goes when it is closed. */
let shown = "";
/** What did not go well with it, until something else is done. */
let message = "";
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
  message = "";
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
    const [patient, doctor, type, entries, doctors] = await Promise.all([
      patientOf(booking.patientId),
      doctorOf(booking.doctorId),
      typeName(booking.visitType),
      readAll(`/bookings/${id}/history`),
      allDoctors(),
    ]);
    if (mine !== asked) return;
    const facts = el(
      "dl",
      {},
      fact(
        text("patient"),
        can.choosePatient()
          ? el("a", { href: link("patients", { id: patient.id }), "data-key": "patient" }, described(patient))
          : described(patient),
      ),
      fact(text("doctor"), `${fullName(doctor)} · ${doctor.specialty}`),
      fact(text("when"), el("span", {}, when(booking.start, booking.end, booking.timeZone))),
      fact(text("status"), el("span", { class: `badge ${booking.status}` }, text(`status-${booking.status}`))),
      type === null ? null : fact(text("visitType"), type),
      booking.reason ? fact(text("reasonForVisit"), booking.reason) : null,
      booking.seriesId ? fact(text("repeat"), text("inSeries")) : null,
      booking.cancelReason ? fact(text("cancelReason"), booking.cancelReason) : null,
    );
    const [buttons, trouble] = actions(booking, tag);
    /** @param {string} of */
    const nameOf = (of) => {
      const known = doctors.find((one) => one.id === of);
      return known && fullName(known);
    };
    refill(
      side,
      frame([
        facts,
        booking.outsideHours ? el("p", { class: "warning" }, text("outsideHours")) : null,
        buttons,
        el("h3", {}, text("history")),
        history(entries, booking, nameOf),
      ]),
    );
    // Only now, so that it is read out.
    trouble.textContent = message;
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
    message = trouble.textContent = "";
    try {
      const now = await change("POST", `/bookings/${id}/${what}`, body, tag);
      say(text("nowIs", { status: text(`status-${/** @type {Booking} */ (now).status}`) }));
      await load(id);
      focusTitle();
    } catch (error) {
      // Somebody else was quicker: what it is now shows, and the answer beside it.
      if (error instanceof Refused && (error.status === 412 || error.status === 409)) {
        message = inWords(error);
        await load(id);
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
  return /** @type {const} */ ([el("div", {}, el("div", { class: "actions" }, buttons), cancel, trouble), trouble]);
}
