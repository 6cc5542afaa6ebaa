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
  /**
   * Sees whom a doctor sees.
   *
   * @param {string} doctor
   */
  seePatientsOf: (doctor) => isStaff() || (me?.role === "doctor" && me.doctorId === doctor),
};
