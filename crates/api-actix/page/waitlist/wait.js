// @ts-check
//
// Puts somebody in line for a slot of a doctor, or of any doctor of a specialty, between two dates.

import { create, newKey } from "../ask.js";
import { onSubmit, openDialog } from "../booking/dialog.js";
import { allDoctors, allTypes, fullName } from "../directory.js";
import { choice, el, labelled } from "../dom.js";
import { patientPicker } from "../patients/picker.js";
import { inWords, wrongFields } from "../problems.js";
import { say } from "../say.js";
import { can, whoIsIn } from "../session.js";
import { text } from "../texts.js";
import { plusDays, today } from "../time.js";

/** How long one waits, unless another date is chosen, and how long one can: days. */
const DAYS = 28;
const MOST = 92;

/**
 * @typedef {object} Longing What is known already of what somebody waits for.
 * @property {string} [doctorId]
 * @property {string} [specialty]
 * @property {string} [visitType]
 * @property {string} [from] the first date
 * @property {import("../patients.js").Patient} [patient]
 */

/** @param {Longing} longing */
export function openWait({ doctorId = "", specialty = "", visitType = "", from = today(), patient }) {
  const picker = can.choosePatient() ? patientPicker(patient) : null;
  const whose = choice([["", text("choose")]], "", { required: true });
  const types = choice([["", text("noType")]], "");
  const begin = from < today() ? today() : from;
  const first = el("input", { type: "date", required: true, value: begin });
  const last = el("input", { type: "date", required: true, value: plusDays(begin, DAYS - 1) });
  const trouble = el("p", { class: "error", role: "alert" });
  const form = el(
    "form",
    { novalidate: true },
    picker?.element,
    labelled(text("waitsFor"), whose),
    labelled(text("visitType"), types),
    el("div", { class: "fields" }, labelled(text("firstDate"), first), labelled(text("lastDate"), last)),
    trouble,
    el("div", { class: "actions" }, el("button", { type: "submit" }, text("wait-in-line"))),
  );
  const dialog = openDialog(text("waitFor"), [el("p", { class: "lead" }, text("waitHint")), form]);
  if (picker) picker.focus();
  else whose.focus();

  async function offer() {
    const [doctors, all] = await Promise.all([allDoctors(), allTypes()]);
    const names = new Set(doctors.map((one) => one.specialty));
    const specialties = [...names].sort((one, other) => one.localeCompare(other));
    whose.append(
      el(
        "optgroup",
        { label: text("anyOfSpecialty") },
        specialties.map((one) => el("option", { value: `specialty ${one}` }, one)),
      ),
      el(
        "optgroup",
        { label: text("thisDoctor") },
        doctors.map((one) => el("option", { value: `doctor ${one.id}` }, `${fullName(one)} · ${one.specialty}`)),
      ),
    );
    if (doctorId) whose.value = `doctor ${doctorId}`;
    else if (specialty) {
      const same = specialties.find((one) => one.toLowerCase() === specialty.toLowerCase());
      whose.value = `specialty ${same ?? specialty}`;
    }
    const offered = all.filter(({ retired }) => !retired);
    types.append(...offered.map(({ id, name }) => el("option", { value: id }, name)));
    types.value = visitType;
  }
  offer().catch((error) => (trouble.textContent = inWords(error)));

  /**
   * @param {HTMLElement} field
   * @param {string} why
   */
  function complain(field, why) {
    trouble.textContent = why;
    field.ariaInvalid = "true";
    field.focus();
  }

  let sent = { body: "", key: "" };
  onSubmit(form, async () => {
    trouble.textContent = "";
    for (const field of [whose, first, last]) field.ariaInvalid = "false";
    const patientId = picker ? await picker.patient().catch(tell) : whoIsIn().patientId;
    if (!patientId) return;
    if (whose.value === "") return complain(whose, text("chooseWhose"));
    if (first.value === "") return complain(first, text("missingDate"));
    if (last.value === "") return complain(last, text("missingDate"));
    if (last.value < first.value) return complain(last, text("lastBeforeFirst"));
    if (last.value >= plusDays(first.value, MOST)) return complain(last, text("waitTooLong", { days: String(MOST) }));
    const isDoctor = whose.value.startsWith("doctor ");
    const id = whose.value.slice(whose.value.indexOf(" ") + 1);
    const body = {
      patientId,
      ...(isDoctor ? { doctorId: id } : { specialty: id }),
      ...(types.value ? { visitType: types.value } : {}),
      from: first.value,
      to: last.value,
    };
    const json = JSON.stringify(body);
    if (json !== sent.body) sent = { body: json, key: newKey() };
    try {
      await create("/waitlist", body, sent.key);
      dialog.close();
      say(text("inLine"));
    } catch (error) {
      tell(error);
    }
  });

  /** @param {unknown} error */
  function tell(error) {
    const wrong = wrongFields(error);
    const why = [...wrong.values()][0] ?? inWords(error);
    if (wrong.has("from")) complain(first, why);
    else if (wrong.has("to")) complain(last, why);
    else if (wrong.has("visitType")) complain(types, why);
    else trouble.textContent = why;
    return null;
  }
}

/**
 * The way there, where nothing is free.
 *
 * @param {Longing} longing
 * @param {Record<string, any>} [attributes]
 */
export const waitButton = (longing, attributes = {}) =>
  can.wait()
    ? el(
        "button",
        { type: "button", class: "plain", "data-key": "wait", ...attributes, on: { click: () => openWait(longing) } },
        text("waitFor"),
      )
    : null;
