// @ts-check
//
// Doctors and visit types by their ids: read once they are asked for, and kept until something about them changes.

import { readAll, read } from "./ask.js";

/** @typedef {import("./api").components["schemas"]["Doctor"]} Doctor */
/** @typedef {import("./api").components["schemas"]["VisitType"]} VisitType */
/** @typedef {{ id: string, name: string, zone: string, types: string[] | null }} Whom What of a doctor is shown everywhere. */

/** @type {Promise<Doctor[]> | null} */
let doctors = null;
/** @type {Promise<VisitType[]> | null} */
let types = null;
/** @type {Map<string, Promise<Doctor>>} */
const others = new Map();

/** All doctors who take bookings. */
export function allDoctors() {
  const asked = doctors ?? /** @type {Promise<Doctor[]>} */ (readAll("/doctors", { active: "true" }));
  doctors = asked;
  // What has failed is asked for again.
  asked.catch(() => (doctors = null));
  return asked;
}

/** All visit types, also those that are retired: old bookings keep them. */
export function allTypes() {
  const asked = types ?? /** @type {Promise<VisitType[]>} */ (readAll("/visit-types"));
  types = asked;
  asked.catch(() => (types = null));
  return asked;
}

/**
 * A doctor, also one who takes no bookings any more.
 *
 * @param {string} id
 * @returns {Promise<Doctor>}
 */
export async function doctorOf(id) {
  const known = (await allDoctors()).find((doctor) => doctor.id === id);
  if (known) return known;
  let other = others.get(id);
  if (other === undefined) {
    other = /** @type {Promise<Doctor>} */ (read(`/doctors/${id}`));
    other.catch(() => others.delete(id));
    others.set(id, other);
  }
  return other;
}

/**
 * The name of a visit type, if it has one.
 *
 * @param {string | null | undefined} id
 */
export async function typeName(id) {
  if (!id) return null;
  return (await allTypes()).find((type) => type.id === id)?.name ?? null;
}

/** Something about doctors may have changed, or somebody else may be signed in. */
export function forget() {
  doctors = null;
  types = null;
  others.clear();
}

/** @param {{ firstName: string, lastName: string }} person */
export const fullName = ({ firstName, lastName }) => `${firstName} ${lastName}`;

/**
 * @param {Doctor} doctor
 * @returns {Whom}
 */
export const whom = (doctor) => ({
  id: doctor.id,
  name: fullName(doctor),
  zone: doctor.timeZone,
  types: doctor.visitTypes,
});
