// @ts-check
//
// Enters a webhook, or changes one. Its secret is shown this once.

import { change, create, newKey, readTagged } from "../ask.js";
import { openDialog } from "../booking/dialog.js";
import { text } from "../texts.js";
import { eventGroups } from "./events.js";
import { someField, textField } from "./fields.js";
import { recordForm } from "./form.js";
import { showOnce } from "./once.js";

/** @typedef {import("../api").components["schemas"]["Webhook"]} Webhook */

/**
 * @param {{ value: Webhook, tag: string | null } | null} found which to change, and as what it was found; null: a new one
 * @param {(told: string) => void} done
 */
export function openWebhook(found, done) {
  const fields = [
    textField("url", text("admin-hook-url"), {
      hint: text("admin-hook-url-hint"),
      attributes: { type: "url", maxlength: 2000, spellcheck: "false" },
    }),
    someField("events", text("admin-hook-events"), {
      all: text("admin-hook-all"),
      some: text("admin-hook-some"),
      groups: eventGroups(),
    }),
  ];
  let tag = found?.tag ?? null;
  let sent = { body: "", key: "" };
  const form = recordForm({
    fields,
    start: found ? { ...found.value } : { events: null },
    act: text(found ? "admin-save" : "admin-hook-create"),
    async save() {
      if (found === null) {
        const body = form.all();
        const json = JSON.stringify(body);
        if (json !== sent.body) sent = { body: json, key: newKey() };
        const made = await create("/webhooks", body, sent.key);
        dialog.close();
        done(text("admin-hook-created"));
        return showOnce(text("admin-hook-once"), text("admin-hook-once-hint", { url: made.url }), [
          { name: text("admin-hook-secret"), value: made.secret },
        ]);
      }
      const body = form.changes();
      if (Object.keys(body).length === 0) {
        dialog.close();
        return done(text("admin-unchanged"));
      }
      await change("PATCH", `/webhooks/${found.value.id}`, body, tag);
      dialog.close();
      done(text("admin-hook-changed"));
    },
    async now() {
      const again = await readTagged(`/webhooks/${found?.value.id}`);
      tag = again.tag;
      return again.value;
    },
  });
  const dialog = openDialog(text(found ? "admin-hook-of" : "admin-hook-new"), [form.element]);
  fields[0].focus();
}
