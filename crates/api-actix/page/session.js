// @ts-check
//
// Who is signed in, and what that lets one do here. What the API refuses it refuses all the same; the page only does not offer
// it.

/** @typedef {import("./api").components["schemas"]["Me"]} Me */

/** @type {Me | null} */
let me = null;

/** @param {Me | null} now */
export function setMe(now) {
  me = now;
}

/** Who is signed in. */
export function whoIsIn() {
  if (me === null) throw new Error("nobody is signed in");
  return me;
}

const isAdministrator = () => me?.role === "administrator";
const isStaff = () => me?.role === "administrator" || me?.role === "front-desk";

export const can = {
  /** Is told what happens, and of which types visits are: everybody but who is not signed in. */
  follow: () => me !== null && me.role !== "nobody",
  /** Books, holds, moves, cancels. */
  book: () => isStaff() || me?.role === "patient",
  /** Finds patients, and adds them. */
  choosePatient: isStaff,
  /** Knows what is not free, and why. */
  seeWhy: () => isStaff() || me?.role === "doctor",
  /** Says that a patient has come, was seen, or has not come. */
  advance: () => isStaff() || me?.role === "doctor",
  /** Brings back what was cancelled. */
  reinstate: isStaff,
  /** Sets rules aside, by name and with a reason, and books at any time for that. */
  setAside: isStaff,
  /** Waits for a slot, or puts somebody in line. */
  wait: () => isStaff() || me?.role === "patient",
  /**
   * Sees whom a doctor sees.
   *
   * @param {string} doctor
   */
  seePatientsOf: (doctor) => isStaff() || (me?.role === "doctor" && me.doctorId === doctor),
  /** Sees somebody's working hours as such. */
  seeHours: () => isStaff() || me?.role === "doctor",
  /**
   * Changes a doctor's working hours.
   *
   * @param {string} doctor
   */
  editHours: (doctor) => isStaff() || (me?.role === "doctor" && me.doctorId === doctor),
  /** Says when the whole hospital is closed. */
  editClosures: () => me?.role === "administrator",
  /** Registers doctors, and sees all of what is known of them. */
  registerDoctors: () => isStaff() || me?.role === "doctor",
  /**
   * Changes a doctor, and whether he or she takes bookings.
   *
   * @param {string} doctor
   */
  changeDoctor: (doctor) => isStaff() || (me?.role === "doctor" && me.doctorId === doctor),
  /** Changes what kinds of visits there are. */
  changeVisitTypes: isAdministrator,
  /** Has to do with tokens, webhooks and the audit log. */
  administer: isAdministrator,
};
