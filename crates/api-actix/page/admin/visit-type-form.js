// @ts-check
//
// Makes a type of visits, or changes one.

import { change, create, newKey, readTagged } from "../ask.js";
import { openDialog } from "../booking/dialog.js";
import { text } from "../texts.js";
import { NO_NUMBER, numberField, textField } from "./fields.js";
import { recordForm } from "./form.js";

/** @typedef {import("../directory.js").VisitType} VisitType */

const SLOT = { min: 5, max: 480 };
const BUFFER = { min: 0, max: 480, empty: 0 };

/**
 * @param {{ value: VisitType, tag: string | null } | null} found which to change, and as what it was found; null: a new one
 * @param {(told: string) => void} done
 */
export function openVisitType(found, done) {
  const fields = [
    textField("name", text("admin-type-name"), { attributes: { required: true } }),
    numberField("minutes", text("admin-type-minutes"), {
      ...SLOT,
      empty: NO_NUMBER,
      hint: text("admin-type-minutes-hint"),
    }),
    numberField("stepMinutes", text("admin-type-step"), { ...SLOT, empty: null, hint: text("admin-type-step-hint") }),
    numberField("bufferBefore", text("admin-type-before"), { ...BUFFER, hint: text("admin-type-buffer-hint") }),
    numberField("bufferAfter", text("admin-type-after"), { ...BUFFER, hint: text("admin-type-buffer-hint") }),
    numberField("minNoticeMinutes", text("admin-type-notice"), {
      min: 0,
      max: 525_600,
      empty: 0,
      hint: text("admin-type-notice-hint"),
    }),
    numberField("maxDaysAhead", text("admin-type-horizon"), {
      min: 0,
      max: 3650,
      empty: null,
      hint: text("admin-type-horizon-hint"),
    }),
    numberField("capacity", text("admin-type-capacity"), {
      min: 1,
      max: 50,
      empty: 1,
      hint: text("admin-type-capacity-hint"),
    }),
  ];
  let tag = found?.tag ?? null;
  let sent = { body: "", key: "" };
  const form = recordForm({
    fields,
    start: found
      ? { ...found.value }
      : { bufferBefore: 0, bufferAfter: 0, minNoticeMinutes: 0, capacity: 1, stepMinutes: null, maxDaysAhead: null },
    act: text(found ? "admin-save" : "admin-type-create"),
    async save() {
      if (found === null) {
        const body = form.all();
        const json = JSON.stringify(body);
        if (json !== sent.body) sent = { body: json, key: newKey() };
        const { name } = await create("/visit-types", body, sent.key);
        dialog.close();
        return done(text("admin-type-created", { name }));
      }
      const body = form.changes();
      if (Object.keys(body).length === 0) {
        dialog.close();
        return done(text("admin-unchanged"));
      }
      const { name } = await change("PATCH", `/visit-types/${found.value.id}`, body, tag);
      dialog.close();
      done(text("admin-type-changed", { name }));
    },
    async now() {
      const again = await readTagged(`/visit-types/${found?.value.id}`);
      tag = again.tag;
      return again.value;
    },
  });
  const title = found ? text("admin-type-of", { name: found.value.name }) : text("admin-type-new");
  const dialog = openDialog(title, [form.element]);
  fields[0].focus();
}
