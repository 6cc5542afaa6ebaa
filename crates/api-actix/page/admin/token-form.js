// @ts-check
//
// Makes a token: for whom, and until when. Its secret is shown this once.

import { create, newKey, readAll } from "../ask.js";
import { openDialog } from "../booking/dialog.js";
import { fullName } from "../directory.js";
import { el } from "../dom.js";
import { patientPicker } from "../patients/picker.js";
import { text } from "../texts.js";
import { viewerZone } from "../time.js";
import { choiceField, instantField, textField } from "./fields.js";
import { recordForm } from "./form.js";
import { showOnce } from "./once.js";

const ROLES = /** @type {const} */ (["front-desk", "doctor", "patient", "administrator"]);

/** @param {(told: string) => void} done */
export async function openToken(done) {
  // Also those who take no bookings: they may still want to see who has come.
  const doctors = /** @type {import("../directory.js").Doctor[]} */ (await readAll("/doctors"));
  const role = choiceField(
    "role",
    text("role"),
    ROLES.map((name) => [name, text(name)]),
  );
  const doctor = choiceField("doctorId", text("doctor"), [
    ["", text("choose")],
    ...doctors.map((one) => /** @type {[string, string]} */ ([one.id, `${fullName(one)} · ${one.specialty}`])),
  ]);
  const patient = patientPicker(null, { mayAdd: false });
  const chosen = el("div", {}, patient.element);
  const name = textField("name", text("admin-token-name"), { hint: text("admin-token-name-hint") });
  const expiry = instantField(
    "expiresAt",
    text("admin-token-expiry"),
    text("admin-token-expiry-hint", { zone: viewerZone }),
  );

  /** Only what the role needs is asked for. */
  function reveal() {
    doctor.element.hidden = role.value() !== "doctor";
    chosen.hidden = role.value() !== "patient";
  }
  role.control.addEventListener("change", reveal);

  let sent = { body: "", key: "" };
  const form = recordForm({
    fields: [name, role, doctor, expiry],
    start: { role: "front-desk" },
    act: text("admin-token-create"),
    more: [chosen],
    async save() {
      const { doctorId, ...given } = form.all();
      /** @type {Record<string, unknown>} */
      const body = given;
      if (given.role === "doctor") body.doctorId = doctorId;
      if (given.role === "patient") {
        // The picker says itself that nobody is picked.
        const patientId = await patient.patient();
        if (patientId === null) return;
        body.patientId = patientId;
      }
      const json = JSON.stringify(body);
      if (json !== sent.body) sent = { body: json, key: newKey() };
      const made = await create("/tokens", body, sent.key);
      dialog.close();
      if (made.token === null) return done(text("admin-token-lost"));
      done(text("admin-token-created", { name: made.name }));
      showOnce(
        text("admin-token-once", { name: made.name }),
        text("admin-token-once-hint", { role: text(/** @type {"doctor"} */ (made.role)) }),
        [
          { name: text("admin-token-secret"), value: made.token },
          { name: text("admin-token-link"), value: `${location.origin}/#token=${made.token}` },
        ],
      );
    },
  });
  reveal();
  const dialog = openDialog(text("admin-token-new"), [form.element]);
  name.focus();
}
