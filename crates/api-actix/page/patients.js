// @ts-check
//
// Patients: finding one, adding one, and their names.

import { create, read } from "./ask.js";
import { fullName } from "./directory.js";
import { el, labelled } from "./dom.js";
import { inWords, wrongFields } from "./problems.js";
import { text } from "./texts.js";
import { dateText } from "./time.js";

/** @typedef {import("./api").components["schemas"]["Patient"]} Patient */

/** How long typing has to rest before it is searched: milliseconds. */
const REST = 250;
const SHOWN = 5;

/**
 * A patient by id.
 *
 * @param {string} id
 * @returns {Promise<Patient>}
 */
export const patientOf = (id) => read(`/patients/${id}`);

/**
 * A name, and what tells two patients of the same name apart.
 *
 * @param {Patient} patient
 */
export function described(patient) {
  const { birthDate, phone, externalId } = patient;
  const born = birthDate ? text("born", { date: dateText(birthDate, "numbers") }) : null;
  return [fullName(patient), born, phone, externalId].filter(Boolean).join(" · ");
}

/**
 * Finds a patient, or takes down a new one.
 *
 * @returns {{ element: HTMLElement, patient: () => Promise<string | null>, focus: () => void }} `patient` is the id of the one
 * who is meant, who is added first where he or she is new; null: nobody is meant, which it has said
 */
export function patientPicker() {
  const search = el("input", { type: "search", autocomplete: "off", maxlength: 200 });
  const found = el("div", { class: "found" });
  const told = el("p", { class: "hint", role: "status" });
  const missing = el("p", { class: "error", role: "alert" });
  let picked = "";
  let asked = 0;

  /** @param {Patient} patient */
  const option = (patient) => {
    const radio = el("input", {
      type: "radio",
      name: "patient",
      value: patient.id,
      checked: patient.id === picked,
    });
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
    typing = setTimeout(look, REST);
  });
  // Return is for the search as long as nobody is picked; it must not send off a form that is not filled in.
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(typing);
    look();
  });

  const fields = {
    firstName: el("input", { autocomplete: "off", maxlength: 100 }),
    lastName: el("input", { autocomplete: "off", maxlength: 100 }),
    birthDate: el("input", { type: "date" }),
    phone: el("input", { type: "tel", autocomplete: "off", maxlength: 40 }),
    email: el("input", { type: "email", autocomplete: "off", maxlength: 254 }),
  };
  /** @type {Map<string, HTMLElement>} */
  const faults = new Map();
  const added = Object.entries(fields).map(([name, field]) => {
    const fault = el("p", { class: "error", id: `new-${name}-error` });
    faults.set(name, fault);
    field.setAttribute("aria-describedby", fault.id);
    const block = labelled(text(/** @type {keyof typeof fields} */ (name)), field);
    block.append(fault);
    return block;
  });
  const fresh = el(
    "details",
    { class: "fresh" },
    el("summary", {}, text("newPatient")),
    el("div", { class: "fields" }, added),
  );

  /** The one who was taken down here, so that a second attempt does not add him or her again. */
  let addedAs = { body: "", id: "" };

  async function add() {
    const given = Object.entries(fields)
      .map(([name, field]) => [name, field.value.trim()])
      .filter(([, value]) => value !== "");
    const body = Object.fromEntries(given);
    const text = JSON.stringify(body);
    if (text !== addedAs.body) addedAs = { body: text, id: (await create("/patients", body)).id };
    return addedAs.id;
  }

  const element = el(
    "fieldset",
    {},
    el("legend", {}, text("patient")),
    labelled(text("findPatient"), search, text("findPatientHint")),
    el("div", { role: "radiogroup", "aria-label": text("foundPatients") }, found),
    told,
    fresh,
    missing,
  );
  look();

  return {
    element,
    focus: () => search.focus(),
    async patient() {
      missing.textContent = "";
      for (const [name, fault] of faults) {
        fault.textContent = "";
        fields[/** @type {keyof typeof fields} */ (name)].ariaInvalid = "false";
      }
      if (!fresh.open) {
        if (picked !== "") return picked;
        missing.textContent = text("choosePatient");
        search.focus();
        return null;
      }
      const { firstName, lastName } = fields;
      const empty = [firstName, lastName].find(({ value }) => value.trim() === "");
      if (empty) {
        missing.textContent = text("nameNeeded");
        empty.focus();
        return null;
      }
      try {
        return await add();
      } catch (error) {
        const wrong = wrongFields(error);
        const known = [...wrong].filter(([name]) => faults.has(name));
        if (known.length === 0) throw error;
        for (const [name, why] of known) {
          const field = fields[/** @type {keyof typeof fields} */ (name)];
          field.ariaInvalid = "true";
          /** @type {HTMLElement} */ (faults.get(name)).textContent = why;
        }
        fields[/** @type {keyof typeof fields} */ (known[0][0])].focus();
        return null;
      }
    },
  };
}
