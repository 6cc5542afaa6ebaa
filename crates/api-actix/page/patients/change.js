// @ts-check
//
// Changes what is written down of a patient, as long as nobody else has meanwhile.

import { change, readTagged, Refused } from "../ask.js";
import { onSubmit, openDialog } from "../booking/dialog.js";
import { el } from "../dom.js";
import { described } from "../patients.js";
import { inWords } from "../problems.js";
import { say } from "../say.js";
import { text } from "../texts.js";
import { changedFrom, patientFields } from "./fields.js";

/** @typedef {import("../patients.js").Patient} Patient */

/**
 * @param {Patient} patient
 * @param {string | null} tag
 * @param {() => void} changed
 */
export function openChange(patient, tag, changed) {
  const fields = patientFields(patient);
  const trouble = el("p", { class: "error", role: "alert" });
  const form = el(
    "form",
    { novalidate: true },
    fields.element,
    trouble,
    el("div", { class: "actions" }, el("button", { type: "submit" }, text("savePatient"))),
  );
  const dialog = openDialog(text("changePatientTitle"), [form]);
  fields.focus();
  onSubmit(form, async () => {
    trouble.textContent = "";
    const said = fields.said();
    if (said === null) return;
    const different = changedFrom(said, patient);
    if (Object.keys(different).length === 0) return dialog.close();
    try {
      await change("PATCH", `/patients/${patient.id}`, different, tag);
      dialog.close();
      say(text("patientChanged"));
      changed();
    } catch (error) {
      if (fields.tell(error)) return;
      trouble.textContent = inWords(error);
      if (!(error instanceof Refused) || error.status !== 412) return;
      // What was typed stays; whoever saves again has seen what it replaces.
      const now = await readTagged(`/patients/${patient.id}`).catch(() => null);
      if (now === null) return;
      fields.follow(patient, now.value);
      ({ value: patient, tag } = now);
      trouble.textContent = text("patientIsNow", { patient: described(patient) });
    }
  });
}
