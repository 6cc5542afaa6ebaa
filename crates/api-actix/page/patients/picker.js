// @ts-check
//
// Finds a patient for a form, or takes down a new one.

import { create, read } from "../ask.js";
import { el, labelled } from "../dom.js";
import { described } from "../patients.js";
import { inWords } from "../problems.js";
import { text } from "../texts.js";
import { filledIn, patientFields } from "./fields.js";

/** @typedef {import("../patients.js").Patient} Patient */

/** How long typing has to rest before it is searched: milliseconds. */
const REST = 250;
const SHOWN = 5;

let pickers = 0;

/**
 * @param {Patient | null} [first] who is meant, unless somebody else is chosen
 * @param {{ mayAdd?: boolean }} [how] whether somebody new can be taken down
 * @returns {{ element: HTMLElement, patient: () => Promise<string | null>, focus: () => void }} `patient` is the id of the one
 * who is meant, who is added first where he or she is new; null: nobody is meant, which it has said
 */
export function patientPicker(first = null, { mayAdd = true } = {}) {
  pickers += 1;
  const group = `patient-${pickers}`;
  const search = el("input", { type: "search", autocomplete: "off", maxlength: 200 });
  const found = el("div", { class: "found" });
  const told = el("p", { class: "hint", role: "status" });
  const missing = el("p", { class: "error", role: "alert" });
  let picked = first?.id ?? "";
  let asked = 0;

  /** @param {Patient} patient */
  const option = (patient) => {
    const radio = el("input", { type: "radio", name: group, value: patient.id, checked: patient.id === picked });
    radio.addEventListener("change", () => {
      picked = patient.id;
      missing.textContent = "";
    });
    return el("label", { class: "option" }, radio, described(patient));
  };

  async function look() {
    const mine = (asked += 1);
    const q = search.value.trim();
    try {
      const { items, nextCursor } = await read("/patients", { q, limit: SHOWN });
      if (mine !== asked) return;
      if (!items.some((/** @type {Patient} */ { id }) => id === picked)) picked = "";
      found.replaceChildren(...items.map(option));
      told.textContent = items.length === 0 ? text("noPatients") : nextCursor ? text("morePatients") : "";
    } catch (error) {
      if (mine === asked) told.textContent = inWords(error);
    }
  }
  let typing = 0;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(look, REST);
  });
  // Return is for the search as long as nobody is picked; it must not send off a form that is not filled in.
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(typing);
    look();
  });

  const fields = patientFields();
  const fresh = el("details", { class: "fresh" }, el("summary", {}, text("newPatient")), fields.element);

  /** The one who was taken down here, so that a second attempt does not add him or her again. */
  let addedAs = { body: "", id: "" };

  async function add() {
    const said = fields.said();
    if (said === null) return null;
    const body = filledIn(said);
    const json = JSON.stringify(body);
    try {
      if (json !== addedAs.body) addedAs = { body: json, id: (await create("/patients", body)).id };
      return addedAs.id;
    } catch (error) {
      if (fields.tell(error)) return null;
      throw error;
    }
  }

  const element = el(
    "fieldset",
    {},
    el("legend", {}, text("patient")),
    labelled(text("findPatient"), search, text("findPatientHint")),
    el("div", { role: "radiogroup", "aria-label": text("foundPatients") }, found),
    told,
    mayAdd && fresh,
    missing,
  );
  if (first) found.replaceChildren(option(first));
  else look();

  return {
    element,
    focus: () => search.focus(),
    async patient() {
      missing.textContent = "";
      if (fresh.open) return add();
      if (picked !== "") return picked;
      missing.textContent = text(mayAdd ? "choosePatient" : "admin-choose-patient");
      search.focus();
      return null;
    },
  };
}
