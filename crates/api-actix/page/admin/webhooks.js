// @ts-check
//
// The webhooks: who is told of events, of which, whether at all, and what could not be told.

import { change, readTagged } from "../ask.js";
import { openDialog } from "../booking/dialog.js";
import { el } from "../dom.js";
import { say } from "../say.js";
import { text } from "../texts.js";
import { here } from "../time.js";
import { confirmFirst } from "./confirm.js";
import { eventText } from "./events.js";
import { fact, frame, lineButton } from "./frame.js";
import { actIn, records } from "./records.js";
import { openWebhook } from "./webhook-form.js";

/** @typedef {import("../api").components["schemas"]["Webhook"]} Webhook */
/** @typedef {import("../api").components["schemas"]["FailedDelivery"]} FailedDelivery */
/** @typedef {import("../views.js").View} View */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function webhooksView(host) {
  /** @param {Webhook} webhook */
  function line(webhook) {
    const { id, url, events, active, createdAt } = webhook;
    const trouble = el("p", { class: "error", role: "alert" });
    return el(
      "li",
      { class: "line" },
      el(
        "div",
        { class: "head" },
        el("h3", {}, url),
        el("span", { class: active ? "badge" : "badge off" }, text(active ? "admin-hook-active" : "admin-hook-paused")),
      ),
      el(
        "dl",
        {},
        fact(
          text("admin-hook-events"),
          events === null ? text("admin-hook-everything") : events.map(eventText).join(", "),
        ),
        fact(text("admin-token-made"), here(createdAt)),
      ),
      el(
        "div",
        { class: "actions" },
        lineButton(text("admin-change"), url, `change ${id}`, () =>
          actIn(trouble, async () => openWebhook(await readTagged(`/webhooks/${id}`), changed)),
        ),
        active
          ? lineButton(text("admin-hook-pause"), url, `active ${id}`, () => pause(webhook))
          : lineButton(text("admin-hook-resume"), url, `active ${id}`, () =>
              actIn(trouble, async () => {
                await change("PATCH", `/webhooks/${id}`, { active: true });
                changed(text("admin-hook-resumed"));
              }),
            ),
        lineButton(text("admin-hook-failures"), url, `failures ${id}`, () => showFailures(webhook)),
        lineButton(text("admin-hook-remove"), url, `remove ${id}`, () => remove(webhook)),
      ),
      trouble,
    );
  }

  /** @param {Webhook} webhook */
  function pause({ id, url }) {
    confirmFirst({
      title: text("admin-hook-pause-title"),
      means: [text("admin-hook-pause-means", { url })],
      act: text("admin-hook-pause-act"),
      async work() {
        await change("PATCH", `/webhooks/${id}`, { active: false });
        changed(text("admin-hook-is-paused"));
      },
    });
  }

  /** @param {Webhook} webhook */
  function remove({ id, url }) {
    confirmFirst({
      title: text("admin-hook-remove-title"),
      means: [text("admin-hook-remove-means", { url })],
      act: text("admin-hook-remove-act"),
      async work() {
        await change("DELETE", `/webhooks/${id}`);
        changed(text("admin-hook-removed"));
      },
    });
  }

  /** @param {string} told */
  function changed(told) {
    say(told);
    list.again();
  }

  const title = frame(
    host,
    "webhooks",
    el(
      "div",
      { class: "actions" },
      el(
        "button",
        { type: "button", "data-key": "new", on: { click: () => openWebhook(null, changed) } },
        text("admin-hook-new"),
      ),
    ),
  );
  const list = records({ path: "/webhooks", line, title });
  host.append(list.element);

  return {
    title,
    show: () => list.show(),
    update({ all }) {
      if (all) list.again();
    },
    stop: list.stop,
  };
}

/** @param {Webhook} webhook */
function showFailures({ id, url }) {
  const lead = el("p", { tabindex: -1 }, text("admin-hook-failures-of", { url }));
  const list = records({
    path: `/webhooks/${id}/failures`,
    title: lead,
    none: text("admin-hook-no-failures"),
    line: (/** @type {FailedDelivery} */ { event, at, failures, error }) =>
      el(
        "li",
        { class: "line" },
        text("admin-hook-failed", { event: eventText(event.type), time: here(at), count: String(failures), error }),
      ),
  });
  openDialog(text("admin-hook-failures"), [lead, list.element], list.stop);
  list.show();
}
