// @ts-check
//
// Patients, for the desk: finding one, what is known of him or her, and the visits.

import { create, read, readAll, readTagged } from "../ask.js";
import { reading } from "../board/reading.js";
import { openBook } from "../booking/book.js";
import { onSubmit, openDialog } from "../booking/dialog.js";
import { visitList } from "../booking/visits.js";
import { fullName } from "../directory.js";
import { el, labelled, refill } from "../dom.js";
import { described } from "../patients.js";
import { inWords } from "../problems.js";
import { go, link } from "../route.js";
import { say } from "../say.js";
import { text } from "../texts.js";
import { dateText } from "../time.js";
import { openWait } from "../waitlist/wait.js";
import { openChange } from "./change.js";
import { filledIn, patientFields } from "./fields.js";

/** @typedef {import("../patients.js").Patient} Patient */
/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("../views.js").View} View */

/** How long typing has to rest before it is searched: milliseconds. */
const REST = 250;
const SHOWN = 20;

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function patientsView(host) {
  const title = el("h2", { tabindex: -1 }, text("view-patients"));
  const search = el("input", { type: "search", autocomplete: "off", maxlength: 200 });
  const told = el("p", { class: "hint", role: "status" });
  const found = el("ul", { class: "people" });
  const record = el("section", { class: "record", "aria-label": text("patientRecord") });
  const add = el("button", { type: "button", class: "plain", on: { click: openAdd } }, text("addPatient"));
  const form = el(
    "form",
    {
      role: "search",
      class: "filters",
      "aria-label": text("findPatient"),
      on: { submit: (/** @type {Event} */ event) => event.preventDefault() },
    },
    labelled(text("findPatient"), search),
    add,
  );
  host.replaceChildren(
    title,
    el("div", { class: "patients" }, el("div", {}, form, told, found), record),
  );
  const finding = reading(found);
  const opening = reading(record);
  let now = { q: "", id: "" };
  let isFirst = true;

  let typing = 0;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(() => go("patients", { ...now, q: search.value.trim() }, true), REST);
  });

  /** @param {AbortSignal} signal */
  async function find(signal) {
    const { items, nextCursor } = await read("/patients", { q: now.q, limit: SHOWN }, signal);
    const lines = items.map((/** @type {Patient} */ patient) =>
      el(
        "li",
        {},
        el(
          "a",
          {
            href: link("patients", { ...now, id: patient.id }),
            "data-key": `patient ${patient.id}`,
            "aria-current": patient.id === now.id ? "true" : null,
          },
          described(patient),
        ),
      ),
    );
    refill(found, ...lines);
    told.textContent = items.length === 0 ? text("noPatients") : nextCursor ? text("morePatients") : "";
  }

  /** @param {AbortSignal} signal */
  async function open(signal) {
    if (now.id === "") return refill(record, el("p", { class: "quiet" }, text("choosePatientHere")));
    const [{ value: patient, tag }, bookings] = await Promise.all([
      readTagged(`/patients/${now.id}`),
      /** @type {Promise<Booking[]>} */ (readAll("/bookings", { patientId: now.id }, signal)),
    ]);
    const visits = await visitList(bookings);
    if (signal.aborted) return;
    refill(record, ...head(patient, tag), ...visits);
  }

  /**
   * @param {Patient} patient
   * @param {string | null} tag
   */
  function head(patient, tag) {
    const { birthDate, phone, email, externalId } = patient;
    /**
     * @param {string} name
     * @param {string | null} value
     */
    const fact = (name, value) => (value ? el("div", {}, el("dt", {}, name), el("dd", {}, value)) : null);
    /**
     * @param {"bookVisit" | "waitFor" | "changePatient"} name
     * @param {() => void} act
     */
    const button = (name, act) =>
      el("button", { type: "button", class: "plain", "data-key": name, on: { click: act } }, text(name));
    return [
      el("h3", { tabindex: -1, "data-key": "record" }, fullName(patient)),
      el(
        "dl",
        {},
        fact(text("birthDate"), birthDate && dateText(birthDate, "numbers")),
        fact(text("phone"), phone),
        fact(text("email"), email),
        fact(text("externalId"), externalId),
      ),
      el(
        "div",
        { class: "actions" },
        button("bookVisit", () => openBook({ doctor: null, start: null, visitType: "", patient })),
        button("waitFor", () => openWait({ patient })),
        button("changePatient", () => openChange(patient, tag, readAgain)),
      ),
    ];
  }

  function openAdd() {
    const fields = patientFields();
    const trouble = el("p", { class: "error", role: "alert" });
    const adding = el(
      "form",
      { novalidate: true },
      fields.element,
      trouble,
      el("div", { class: "actions" }, el("button", { type: "submit" }, text("addPatient"))),
    );
    const dialog = openDialog(text("addPatient"), [adding]);
    fields.focus();
    onSubmit(adding, async () => {
      trouble.textContent = "";
      const said = fields.said();
      if (said === null) return;
      try {
        const patient = /** @type {Patient} */ (await create("/patients", filledIn(said)));
        dialog.close();
        go("patients", { q: patient.lastName, id: patient.id }, true);
        say(text("patientAdded", { name: fullName(patient) }));
      } catch (error) {
        if (!fields.tell(error)) trouble.textContent = inWords(error);
      }
    });
  }

  /** @param {HTMLElement} message */
  const failFound = (message) => refill(found, el("li", {}, message));
  /** @param {HTMLElement} message */
  const failRecord = (message) => refill(record, message);
  function readAgain() {
    finding.run(find, failFound);
    opening.run(open, failRecord);
  }

  return {
    title,
    show(params) {
      const [before, wasFirst] = [now, isFirst];
      isFirst = false;
      now = { q: params.get("q") ?? "", id: params.get("id") ?? "" };
      if (document.activeElement !== search) search.value = now.q;
      finding.run(find, failFound);
      if (before.id === now.id && now.id !== "" && record.childElementCount > 0) return;
      opening.run(open, failRecord).then(() => {
        // Whoever has chosen somebody goes on with what is known of him or her.
        const name = record.querySelector("h3");
        if (!wasFirst && before.id !== now.id && name instanceof HTMLElement) name.focus();
      });
    },
    update({ all, bookings }) {
      if (all || bookings.size > 0) opening.run(open, failRecord);
    },
    stop() {
      finding.stop();
      opening.stop();
    },
  };
}
