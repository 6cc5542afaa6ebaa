// @ts-check
//
// Patients by their ids, and what they are called.

import { read } from "./ask.js";
import { fullName } from "./directory.js";
import { text } from "./texts.js";
import { dateText } from "./time.js";

/** @typedef {import("./api").components["schemas"]["Patient"]} Patient */

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

/** How many patients are asked for at the same time. */
const AT_ONCE = 6;

/**
 * These patients by id, a few at a time.
 *
 * @param {string[]} ids
 */
export async function patientsOf(ids) {
  /** @type {Map<string, Patient>} */
  const patients = new Map();
  const left = [...new Set(ids)];
  const ask = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) patients.set(id, await patientOf(id));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return patients;
}
