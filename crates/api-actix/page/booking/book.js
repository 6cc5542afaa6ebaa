// @ts-check
//
// Books a slot. It is kept while the form is open; where somebody else was quicker, the nearest free ones are offered.

import { create, newKey, Refused } from "../ask.js";
import { allTypes } from "../directory.js";
import { choice, el, labelled } from "../dom.js";
import { patientPicker } from "../patients.js";
import { inWords } from "../problems.js";
import { say } from "../say.js";
import { can, whoIsIn } from "../session.js";
import { text } from "../texts.js";
import { dayAndTime } from "../time.js";
import { showBooking } from "./details.js";
import { onSubmit, openDialog } from "./dialog.js";
import { keeper } from "./hold.js";
import { when } from "./when.js";

/** @typedef {import("../directory.js").Whom} Whom */

/**
 * @param {{ doctor: Whom, start: string, end: string, visitType: string }} slot
 */
export function openBook({ doctor, start, end, visitType }) {
  /** When, and until when as far as that is known already. @type {{ start: string, end: string | null }} */
  let at = { start, end };
  let type = visitType;
  /** The booking that has come of it. */
  let made = "";
  const shownWhen = el("p", { class: "lead" });
  const trouble = el("p", { class: "error", role: "alert" });
  const others = el("div", { class: "alternatives" });
  const hold = keeper(refused);
  const types = choice([["", text("noType")]], "");
  const reason = el("textarea", { rows: 2, maxlength: 500 });
  const picker = can.choosePatient() ? patientPicker() : null;
  const submit = el("button", { type: "submit" }, text("book"));
  const form = el(
    "form",
    { novalidate: true },
    labelled(text("visitType"), types),
    picker?.element,
    labelled(text("reasonForVisit"), reason, text("optional")),
    trouble,
    others,
    hold.element,
    el("div", { class: "actions" }, submit),
  );
  const dialog = openDialog(text("bookWith", { doctor: doctor.name }), [shownWhen, form], () => {
    hold.stop();
    if (made !== "") showBooking(made);
  });

  const showWhen = () =>
    shownWhen.replaceChildren(.../** @type {Node[]} */ (when(at.start, at.end, doctor.zone).filter(Boolean)));
  const keep = () => {
    trouble.textContent = "";
    others.replaceChildren();
    submit.disabled = false;
    showWhen();
    return hold.keep({ doctorId: doctor.id, start: at.start, visitType: type || null });
  };

  /** @param {unknown} error */
  function refused(error) {
    trouble.textContent = inWords(error);
    const free = error instanceof Refused ? (error.problem.alternatives ?? []) : [];
    others.replaceChildren();
    if (free.length > 0) {
      const buttons = free.map((start) =>
        el("button", { type: "button", class: "plain", on: { click: () => move(start) } }, dayAndTime(start)),
      );
      others.append(
        el("p", { id: "alternatives" }, text("alternatives")),
        el("div", { role: "group", "aria-labelledby": "alternatives", class: "actions" }, buttons),
      );
    }
    submit.disabled = error instanceof Refused && error.status !== 429 && error.status < 500 && hold.id() === null;
  }

  /** @param {string} start */
  async function move(start) {
    at = { start, end: null };
    submit.focus();
    await keep();
  }

  types.addEventListener("change", () => {
    type = types.value;
    // Visits of another type may be of another length.
    at = { start: at.start, end: null };
    keep();
  });
  allTypes()
    .then((all) => {
      const offered = all.filter(({ id, retired }) => !retired && (doctor.types === null || doctor.types.includes(id)));
      types.append(
        ...offered.map(({ id, name, minutes }) =>
          el("option", { value: id }, text("typeAndMinutes", { name, minutes: String(minutes) })),
        ),
      );
      types.value = type;
    })
    .catch(() => {});

  let sent = { body: "", key: "" };
  onSubmit(form, async () => {
    trouble.textContent = "";
    try {
      const patientId = picker ? await picker.patient() : whoIsIn().patientId;
      if (!patientId) return;
      const given = reason.value.trim();
      const body = {
        doctorId: doctor.id,
        patientId,
        start: at.start,
        ...(type ? { visitType: type } : {}),
        ...(given ? { reason: given } : {}),
        ...(hold.id() ? { holdId: hold.id() } : {}),
      };
      // What was sent and not answered is the same booking when it is sent again.
      const json = JSON.stringify(body);
      if (json !== sent.body) sent = { body: json, key: newKey() };
      const booking = await create("/bookings", body, sent.key);
      hold.used();
      made = booking.id;
      dialog.close();
      say(text("booked", { when: dayAndTime(booking.start), doctor: doctor.name }));
    } catch (error) {
      refused(error);
    }
  });

  showWhen();
  if (picker) picker.focus();
  else types.focus();
  keep();
}
