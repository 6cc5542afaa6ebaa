// @ts-check
//
// Who is meant by an id: doctors and callers by name, patients only on demand, since each look at one is written down.

import { read, Refused } from "../ask.js";
import { doctorOf, fullName } from "../directory.js";
import { el } from "../dom.js";
import { described, patientOf } from "../patients.js";
import { inWords } from "../problems.js";
import { text } from "../texts.js";

/** @typedef {import("../api").components["schemas"]["Token"]} Token */

/**
 * Names for one view, as long as it is shown.
 */
export function names() {
  /** @type {Map<string, string>} */
  const patients = new Map();
  /** @type {Map<string, Promise<string | null>>} */
  const callers = new Map();
  /** @type {Map<string, string>} */
  const doctors = new Map();

  return {
    /** @param {Token[]} tokens what is known already need not be asked for */
    know(tokens) {
      for (const { id, name } of tokens) callers.set(id, Promise.resolve(name));
    },
    /**
     * Who has a token, by what it is called; null: it is none of this service's.
     *
     * @param {string} id
     */
    callerOf(id) {
      let name = callers.get(id);
      if (name === undefined) {
        name = read(`/tokens/${id}`).then(
          (/** @type {Token} */ token) => token.name,
          (error) => {
            if (error instanceof Refused && error.status === 404) return null;
            callers.delete(id);
            throw error;
          },
        );
        callers.set(id, name);
      }
      return name;
    },
    /**
     * Reads the names of doctors; `doctor` says them then.
     *
     * @param {(string | null)[]} ids
     */
    async readDoctors(ids) {
      for (const id of new Set(ids)) {
        if (id !== null && !doctors.has(id)) doctors.set(id, fullName(await doctorOf(id)));
      }
    },
    /** @param {string} id */
    doctor: (id) => doctors.get(id) ?? text("doctor"),
    /**
     * A patient: by name if somebody has looked already, and else with a button that does.
     *
     * @param {string} id
     * @param {string} key what tells this one from others of the same patient
     */
    patient(id, key) {
      const known = patients.get(id);
      if (known !== undefined) return el("span", {}, known);
      const place = el("span", { class: "patient" }, `${text("patient")} `);
      const trouble = el("span", { class: "error", role: "alert" });
      const look = el(
        "button",
        { type: "button", class: "plain small", "data-key": `patient ${key}`, title: text("admin-show-name-hint") },
        text("admin-show-name"),
      );
      look.addEventListener("click", async () => {
        trouble.textContent = "";
        try {
          const name = described(await patientOf(id));
          patients.set(id, name);
          const shown = el("span", { tabindex: -1 }, name);
          place.replaceChildren(shown);
          shown.focus();
        } catch (error) {
          trouble.textContent = inWords(error);
        }
      });
      place.append(look, trouble);
      return place;
    },
  };
}
