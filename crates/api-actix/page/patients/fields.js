// @ts-check
//
// What is written down of a patient: fields, each with what is wrong about it below.

import { el, labelled } from "../dom.js";
import { wrongFields } from "../problems.js";
import { text } from "../texts.js";

/** @typedef {import("../api").components["schemas"]["Patient"]} Patient */
/** @typedef {import("../api").components["schemas"]["NewPatient"]} NewPatient */

let forms = 0;

/** @param {Patient} [patient] what the fields say at first */
export function patientFields(patient) {
  forms += 1;
  const fields = {
    firstName: el("input", { autocomplete: "off", maxlength: 100, required: true }),
    lastName: el("input", { autocomplete: "off", maxlength: 100, required: true }),
    birthDate: el("input", { type: "date" }),
    phone: el("input", { type: "tel", autocomplete: "off", maxlength: 40 }),
    email: el("input", { type: "email", autocomplete: "off", maxlength: 254 }),
    externalId: el("input", { autocomplete: "off", maxlength: 100 }),
  };
  const names = /** @type {(keyof typeof fields)[]} */ (Object.keys(fields));
  /** @type {Map<string, HTMLElement>} */
  const faults = new Map();
  const blocks = names.map((name) => {
    const field = fields[name];
    const fault = el("p", { class: "error", id: `patient-${forms}-${name}-error`, role: "alert" });
    faults.set(name, fault);
    field.setAttribute("aria-describedby", fault.id);
    if (patient) field.value = patient[name] ?? "";
    const block = labelled(text(name), field);
    block.append(fault);
    return block;
  });

  /**
   * @param {keyof typeof fields} name
   * @param {string} why
   */
  const complain = (name, why) => {
    fields[name].ariaInvalid = "true";
    /** @type {HTMLElement} */ (faults.get(name)).textContent = why;
  };

  return {
    element: el("div", { class: "fields" }, blocks),
    focus: () => fields.firstName.focus(),
    /**
     * What the fields say; null: a name is missing, which has been said.
     *
     * @returns {Record<string, string> | null}
     */
    said() {
      for (const name of names) {
        fields[name].ariaInvalid = "false";
        /** @type {HTMLElement} */ (faults.get(name)).textContent = "";
      }
      const empty = /** @type {const} */ (["firstName", "lastName"]).filter((name) => fields[name].value.trim() === "");
      for (const name of empty) complain(name, text("nameNeeded"));
      // Half a date is none, and would be left out silently.
      const isHalf = fields.birthDate.validity.badInput;
      if (isHalf) complain("birthDate", text("code-invalid-date"));
      const first = empty[0] ?? (isHalf ? "birthDate" : null);
      if (first !== null) {
        fields[first].focus();
        return null;
      }
      return Object.fromEntries(names.map((name) => [name, fields[name].value.trim()]));
    },
    /**
     * Somebody else has changed it: what nobody has typed here is as it is now.
     *
     * @param {Patient} before
     * @param {Patient} now
     */
    follow(before, now) {
      for (const name of names) {
        if (fields[name].value.trim() === (before[name] ?? "")) fields[name].value = now[name] ?? "";
      }
    },
    /**
     * Tells which fields were wrong; false: it was not about a field.
     *
     * @param {unknown} error
     */
    tell(error) {
      const wrong = wrongFields(error);
      const known = names.filter((name) => wrong.has(name));
      for (const name of known) complain(name, wrong.get(name) ?? "");
      if (known.length > 0) fields[known[0]].focus();
      return known.length > 0;
    },
  };
}

/**
 * What of it is filled in, as the API takes a new patient.
 *
 * @param {Record<string, string>} said
 */
export const filledIn = (said) =>
  /** @type {NewPatient} */ (
    /** @type {unknown} */ (Object.fromEntries(Object.entries(said).filter(([, value]) => value !== "")))
  );

/**
 * What of it is not what it was, as the API takes a change.
 *
 * @param {Record<string, string>} said
 * @param {Patient} patient
 */
export function changedFrom(said, patient) {
  const before = /** @type {Record<string, any>} */ (patient);
  const changed = Object.entries(said).filter(([name, value]) => value !== (before[name] ?? ""));
  return Object.fromEntries(changed.map(([name, value]) => [name, value === "" ? null : value]));
}
