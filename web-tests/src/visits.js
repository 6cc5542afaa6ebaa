// @ts-check
//
// What tests about visits arrange by the API, and how they find it again on the page.

/** @typedef {import("./clinic.js").Clinic} Clinic */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").Booking} Booking */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").Doctor} Doctor */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").Patient} Patient */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").VisitType} VisitType */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").HistoryEntry} HistoryEntry */

/** The day after "today": a Tuesday, on which Amelie Brandt works from 8 to 12 and from 13 to 16:30. */
export const TUESDAY = "2030-01-08";

/**
 * @param {Clinic} clinic
 * @param {string} lastName
 * @returns {Promise<Doctor>}
 */
export async function doctorNamed(clinic, lastName) {
  const found = (await clinic.doctors()).find((doctor) => doctor.lastName === lastName);
  if (found === undefined) throw new Error(`nobody is called ${lastName}`);
  return found;
}

/**
 * @param {Clinic} clinic
 * @param {string} name
 * @returns {Promise<VisitType>}
 */
export async function typeNamed(clinic, name) {
  const { items } = await clinic.ask("GET", "/visit-types");
  return items.find((/** @type {VisitType} */ type) => type.name === name);
}

/**
 * The starts of what is free on a date.
 *
 * @param {Clinic} clinic
 * @param {Doctor} doctor
 * @param {string} [date]
 * @param {string} [visitType]
 * @returns {Promise<string[]>}
 */
export async function free(clinic, doctor, date = TUESDAY, visitType) {
  const type = visitType === undefined ? "" : `&visitType=${visitType}`;
  const { days } = await clinic.ask("GET", `/doctors/${doctor.id}/availability?date=${date}&status=free${type}`);
  return days[0].slots.map((/** @type {{ start: string }} */ { start }) => start);
}

/**
 * Books by the API, as an administrator.
 *
 * @param {Clinic} clinic
 * @param {Doctor} doctor
 * @param {Patient} patient
 * @param {string} start
 * @param {object} [more]
 * @returns {Promise<Booking>}
 */
export const book = (clinic, doctor, patient, start, more = {}) =>
  clinic.ask("POST", "/bookings", { doctorId: doctor.id, patientId: patient.id, start, ...more });

/**
 * Somebody new, who has no visits yet.
 *
 * @param {Clinic} clinic
 * @param {object} [more]
 * @returns {Promise<Patient>}
 */
export const newcomer = (clinic, more = {}) =>
  clinic.ask("POST", "/patients", { firstName: "Nadia", lastName: "Quellmalz", birthDate: "1984-05-06", ...more });

/**
 * The bookings of a patient.
 *
 * @param {Clinic} clinic
 * @param {Patient} patient
 * @returns {Promise<Booking[]>}
 */
export const visitsOf = async (clinic, patient) =>
  (await clinic.ask("GET", `/bookings?patientId=${patient.id}&limit=200`)).items;

/**
 * What has happened to a booking.
 *
 * @param {Clinic} clinic
 * @param {Booking} booking
 * @returns {Promise<HistoryEntry[]>}
 */
export const historyOf = async (clinic, booking) => (await clinic.ask("GET", `/bookings/${booking.id}/history`)).items;

/** How a slot stands in which there is a visit, in English and German. */
const VISITS = ["booked", "arrived", "seen", "outside hours", "belegt", "da", "behandelt"];

/**
 * What a slot on the board is called: its time, how it stands, and whose it is.
 *
 * @param {string} start
 * @param {string} state
 * @param {string} [label]
 */
export const called = (start, state, label = "") => new RegExp(`^${start.slice(11, 16)} ${state}(?: until [^,]*| bis [^,]*)?, .*${label}$`);

/**
 * What every test of visits looks at.
 *
 * @param {import("@playwright/test").Page} page
 */
export function parts(page) {
  const dialog = page.getByRole("dialog");
  const side = page.locator("#side");
  return {
    dialog,
    side,
    status: page.locator("#status"),
    /**
     * @param {string} start
     * @param {string} state
     * @param {string} [label]
     */
    slot(start, state, label) {
      const found = page.getByRole("button", { name: called(start, state, label) });
      // Which visit it is becomes known a moment after that it is taken.
      return VISITS.includes(state) ? found.and(page.locator("[data-booking]")) : found;
    },
    /** @param {string} name */
    button: (name) => dialog.getByRole("button", { name, exact: true }),
    /** @param {string} name */
    action: (name) => side.getByRole("button", { name, exact: true }),
    alert: dialog.getByRole("alert").filter({ hasText: /./ }),
    /**
     * Finds somebody in the form, by name.
     *
     * @param {string} name
     */
    async choose(name) {
      await dialog.getByRole("searchbox", { name: "Find a patient" }).fill(name);
      await dialog.getByRole("radio", { name: new RegExp(name) }).first().check();
    },
  };
}
