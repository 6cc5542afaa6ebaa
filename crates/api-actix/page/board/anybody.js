// @ts-check
//
// Whose time is shown where nobody has said whose: the own, of a doctor; else that of the first there is.

import { allDoctors } from "../directory.js";
import { whoIsIn } from "../session.js";

/** @returns {Promise<string>} nothing: there is no doctor */
export async function anyDoctor() {
  const { doctorId } = whoIsIn();
  return doctorId ?? (await allDoctors())[0]?.id ?? "";
}
