// @ts-check
//
// Registers a doctor, or changes one.

import { changeKnowingly } from "../affected.js";
import { change, create, newKey, readTagged } from "../ask.js";
import { openDialog } from "../booking/dialog.js";
import { allDoctors, fullName } from "../directory.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { viewerZone } from "../time.js";
import { numberField, someField, textField } from "./fields.js";
import { recordForm } from "./form.js";

/** @typedef {import("../directory.js").Doctor} Doctor */
/** @typedef {import("../directory.js").VisitType} VisitType */

/** What a slot lasts where nobody says anything else: minutes. */
const USUAL = 60;

/** All zones that the browser knows. */
function zones() {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes("UTC") ? known : ["UTC", ...known];
}

/**
 * @param {{ value: Doctor, tag: string | null } | null} found whom to change, and as what he or she was found; null: a new one
 * @param {VisitType[]} types
 * @param {(told: string) => void} done
 */
export function openDoctor(found, types, done) {
  const names = { autocomplete: "off", maxlength: 100, required: true };
  const specialty = textField("specialty", text("specialty"), { attributes: { required: true } });
  const offered = types.filter(({ id, retired }) => !retired || found?.value.visitTypes?.includes(id));
  const visitTypes = someField("visitTypes", text("admin-offers"), {
    all: text("admin-offers-all"),
    some: text("admin-offers-some"),
    groups: [{ name: null, choices: offered.map(({ id, name }) => [id, name]) }],
  });
  // Whoever registers a doctor may not be allowed to change him or her afterwards, and then cannot say this.
  const maySayTypes = found !== null || can.changeDoctor("");
  const fields = [
    textField("firstName", text("firstName"), { attributes: names }),
    textField("lastName", text("lastName"), { attributes: names }),
    specialty,
    textField("timeZone", text("admin-zone"), {
      hint: text("admin-zone-hint"),
      proposed: zones(),
      attributes: { maxlength: 64, spellcheck: "false", autocapitalize: "none" },
    }),
    numberField("slotMinutes", text("admin-slot"), { min: 5, max: 480, empty: -1, hint: text("admin-slot-hint") }),
    ...(maySayTypes ? [visitTypes] : []),
  ];
  allDoctors()
    .then((all) => specialty.propose([...new Set(all.map((one) => one.specialty))].sort()))
    .catch(() => {});

  let tag = found?.tag ?? null;
  let sent = { body: "", key: "" };
  const form = recordForm({
    fields,
    start: found ? { ...found.value } : { timeZone: viewerZone, slotMinutes: USUAL, visitTypes: null },
    act: text(found ? "admin-save" : "admin-doctor-register"),
    save: found ? () => amend(found.value) : register,
    async now() {
      const again = await readTagged(`/doctors/${found?.value.id}`);
      tag = again.tag;
      return again.value;
    },
  });

  async function register() {
    const { visitTypes, ...body } = form.all();
    // What was sent and not answered is the same doctor when it is sent again.
    const json = JSON.stringify(body);
    if (json !== sent.body) sent = { body: json, key: newKey() };
    /** @type {Doctor} */
    const doctor = await create("/doctors", body, sent.key);
    const name = fullName(doctor);
    let told = text("admin-doctor-registered", { name });
    if (visitTypes) {
      // From here on there is a doctor: it must not be tried again as a whole.
      await change("PATCH", `/doctors/${doctor.id}`, { visitTypes }).catch(() => {
        told = text("admin-doctor-types-failed", { name });
      });
    }
    dialog.close();
    done(told);
  }

  /** @param {Doctor} before */
  async function amend(before) {
    const body = form.changes();
    const name = fullName(before);
    const path = `/doctors/${before.id}`;
    if (Object.keys(body).length === 0) {
      dialog.close();
      return done(text("admin-unchanged"));
    }
    // Of all that can be changed here only the zone can leave visits outside the hours.
    const after =
      "timeZone" in body
        ? await changeKnowingly({
            title: text("admin-zone-title", { name }),
            means: text("admin-zone-means", { zone: String(body.timeZone) }),
            go: text("admin-zone-act"),
            asks: false,
            ofMany: false,
            send: (how) => change("PATCH", `${path}${how}`, body, tag),
          })
        : { done: await change("PATCH", path, body, tag) };
    if (after === null) return;
    dialog.close();
    done(text("admin-doctor-changed", { name: fullName(after.done) }));
  }

  const title = found ? text("admin-doctor-of", { name: fullName(found.value) }) : text("admin-doctor-new");
  const dialog = openDialog(title, [form.element]);
  fields[0].focus();
}
