// @ts-check
//
// Who waits for a slot: all of them for the desk, and the own places for a patient.

import { change, read, readAll } from "../ask.js";
import { reading, waiting } from "../board/reading.js";
import { openBook } from "../booking/book.js";
import { onSubmit, openDialog } from "../booking/dialog.js";
import { doctorOf, fullName, typeName, whom } from "../directory.js";
import { el, refill } from "../dom.js";
import { described, patientOf, patientsOf } from "../patients.js";
import { inWords } from "../problems.js";
import { say } from "../say.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { dateText, here } from "../time.js";
import { openWait } from "./wait.js";

/** @typedef {import("../api").components["schemas"]["Waiting"]} Waiting */
/** @typedef {import("../patients.js").Patient} Patient */
/** @typedef {import("../views.js").View} View */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function waitlistView(host) {
  const title = el("h2", { tabindex: -1 }, text("view-waitlist"));
  const add = el("button", { type: "button", class: "plain", on: { click: () => openWait({}) } }, text("waitFor"));
  const list = el("div", { class: "board" }, waiting());
  host.replaceChildren(title, el("div", { class: "actions" }, add), list);
  const work = reading(list);

  /** @param {AbortSignal} signal */
  async function readList(signal) {
    const all = /** @type {Waiting[]} */ (await readAll("/waitlist", {}, signal));
    const open = all.filter(({ status }) => status !== "booked");
    const patients = can.choosePatient()
      ? await patientsOf(open.map(({ patientId }) => patientId))
      : /** @type {Map<string, Patient>} */ (new Map());
    const lines = await Promise.all(open.map((one) => line(one, patients.get(one.patientId))));
    if (signal.aborted) return;
    refill(list, lines.length === 0 ? el("p", {}, text("nobodyWaits")) : el("ul", { class: "waiting" }, lines));
  }

  /**
   * @param {Waiting} place
   * @param {Patient | undefined} patient
   */
  async function line(place, patient) {
    const doctor = place.doctorId ? await doctorOf(place.doctorId) : null;
    const type = await typeName(place.visitType);
    const forWhat = doctor
      ? `${fullName(doctor)} · ${doctor.specialty}`
      : text("anyIn", { specialty: place.specialty ?? "" });
    const dates = text("waitDates", { from: dateText(place.from, "numbers"), to: dateText(place.to, "numbers") });
    const isOffered = place.status === "offered" && place.holdId !== null && place.offeredUntil !== null;
    return el(
      "li",
      { class: isOffered ? "place offered" : "place" },
      patient ? el("strong", {}, described(patient)) : null,
      el("span", {}, forWhat),
      el("span", {}, [type, dates].filter(Boolean).join(" · ")),
      el(
        "span",
        { class: `badge ${place.status}` },
        isOffered
          ? text("offeredUntil", { time: here(place.offeredUntil ?? "") })
          : text("waitsSince", { time: here(place.since) }),
      ),
      el(
        "span",
        { class: "actions" },
        isOffered
          ? el(
              "button",
              { type: "button", "data-key": `take ${place.id}`, on: { click: () => take(place) } },
              text("takeOffer"),
            )
          : null,
        el(
          "button",
          {
            type: "button",
            class: "plain",
            "data-key": `leave ${place.id}`,
            on: { click: () => leave(place, forWhat) },
          },
          text("leaveLine"),
        ),
      ),
    );
  }

  /** @param {Waiting} place */
  async function take(place) {
    try {
      const hold = await read(`/holds/${place.holdId}`);
      const [doctor, patient] = await Promise.all([
        doctorOf(hold.doctorId),
        can.choosePatient() ? patientOf(place.patientId) : undefined,
      ]);
      openBook({
        doctor: whom(doctor),
        start: hold.start,
        end: hold.end,
        visitType: hold.visitType ?? "",
        hold: { ...hold, expiresAt: place.offeredUntil },
        ...(patient ? { patient } : {}),
      });
    } catch (error) {
      say(inWords(error));
      readAgain();
    }
  }

  /**
   * @param {Waiting} place
   * @param {string} forWhat
   */
  function leave(place, forWhat) {
    const trouble = el("p", { class: "error", role: "alert" });
    const form = el(
      "form",
      {},
      el("p", {}, forWhat),
      trouble,
      el(
        "div",
        { class: "actions" },
        el("button", { type: "submit", class: "danger" }, text("leaveLine")),
        el("button", { type: "button", class: "plain", on: { click: () => dialog.close() } }, text("stayInLine")),
      ),
    );
    const dialog = openDialog(text("leaveLineTitle"), [form]);
    onSubmit(form, async () => {
      try {
        await change("DELETE", `/waitlist/${place.id}`);
        dialog.close();
        say(text("leftLine"));
        await readAgain();
      } catch (error) {
        trouble.textContent = inWords(error);
      }
    });
  }

  const readAgain = () => work.run(readList, (message) => refill(list, message));

  return {
    title,
    show: readAgain,
    update: readAgain,
    stop: work.stop,
  };
}
