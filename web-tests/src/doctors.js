// @ts-check
//
// Doctors that a test arranges for itself, so that it knows all there is of them.

/** @typedef {import("./clinic.js").Clinic} Clinic */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").Doctor} Doctor */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").NewDoctor} NewDoctor */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").Booking} Booking */

const DAYS = /** @type {const} */ (["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);

/**
 * The same hours on every day of the week.
 *
 * @param {...[start: string, end: string]} windows
 */
export const daily = (...windows) =>
  Object.fromEntries(DAYS.map((day) => [day, windows.map(([start, end]) => ({ start, end }))]));

/**
 * Registers a doctor: Ada Rosenthal, a radiologist in Berlin with slots of an hour from eight to six, unless it is said
 * otherwise.
 *
 * @param {Clinic} clinic
 * @param {Partial<NewDoctor>} [details]
 * @returns {Promise<Doctor>}
 */
export const register = (clinic, details = {}) =>
  clinic.ask("POST", "/doctors", {
    firstName: "Ada",
    lastName: "Rosenthal",
    specialty: "radiology",
    timeZone: "Europe/Berlin",
    slotMinutes: 60,
    workingHours: daily(["08:00", "18:00"]),
    ...details,
  });

/**
 * Books a visit of a patient, the first unless it is said of which one.
 *
 * @param {Clinic} clinic
 * @param {Doctor} doctor
 * @param {string} start
 * @param {object} [details]
 * @returns {Promise<Booking>}
 */
export async function book(clinic, doctor, start, details = {}) {
  const patientId = (await clinic.patients())[0]?.id;
  return clinic.ask("POST", "/bookings", { doctorId: doctor.id, patientId, start, ...details });
}

/**
 * @param {Clinic} clinic
 * @param {string} name
 * @returns {Promise<string>} the id of the visit type of this name
 */
export async function typeOf(clinic, name) {
  const { items } = await clinic.ask("GET", "/visit-types");
  return items.find((/** @type {{ name: string }} */ one) => one.name === name).id;
}
