// @ts-check
//
// The tokens by which callers are known: whose, how long they are worth anything, making and revoking them.

import { change } from "../ask.js";
import { el } from "../dom.js";
import { say } from "../say.js";
import { whoIsIn } from "../session.js";
import { text } from "../texts.js";
import { here } from "../time.js";
import { confirmFirst } from "./confirm.js";
import { fact, frame, lineButton } from "./frame.js";
import { names } from "./names.js";
import { actIn, records } from "./records.js";
import { openToken } from "./token-form.js";

/** @typedef {import("../api").components["schemas"]["Token"]} Token */
/** @typedef {import("../views.js").View} View */

/**
 * What a token is worth.
 *
 * @param {Token} token
 */
function worth({ revokedAt, expiresAt }) {
  if (revokedAt !== null) return "admin-token-revoked";
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? "admin-token-expired" : "admin-token-live";
}

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function tokensView(host) {
  const known = names();
  /** Who made which. @type {Map<string, string | null>} */
  const makers = new Map();
  const isOwn = (/** @type {Token} */ { id }) => id === whoIsIn().callerId;

  /** @param {Token} token */
  function line(token) {
    const { id, name, role, doctorId, patientId, createdAt, createdBy, lastUsedAt, expiresAt, revokedAt } = token;
    const state = worth(token);
    const maker = createdBy === null ? null : (makers.get(createdBy) ?? text("audit-somebody"));
    return el(
      "li",
      { class: "line" },
      el(
        "div",
        { class: "head" },
        el("h3", {}, name),
        isOwn(token) ? el("strong", {}, text("admin-token-yours")) : null,
        el("span", { class: state === "admin-token-live" ? "badge" : "badge off" }, text(state)),
      ),
      el(
        "dl",
        {},
        fact(text("role"), text(/** @type {"doctor"} */ (role))),
        doctorId === null ? null : fact(text("admin-token-whose"), known.doctor(doctorId)),
        patientId === null ? null : fact(text("admin-token-whose"), known.patient(patientId, id)),
        fact(
          text("admin-token-made"),
          maker === null
            ? text("admin-token-by-service", { time: here(createdAt) })
            : text("admin-token-made-by", { time: here(createdAt), name: maker }),
        ),
        fact(text("admin-token-used"), lastUsedAt === null ? text("admin-token-never") : here(lastUsedAt)),
        fact(text("admin-token-expiry"), expiresAt === null ? text("admin-token-never") : here(expiresAt)),
        revokedAt === null ? null : fact(text("admin-token-revoked-at"), here(revokedAt)),
      ),
      revokedAt === null
        ? el(
            "div",
            { class: "actions" },
            lineButton(text("admin-revoke"), name, `revoke ${id}`, () => revoke(token)),
          )
        : null,
    );
  }

  /** @param {Token} token */
  function revoke(token) {
    const { id, name } = token;
    confirmFirst({
      title: text("admin-revoke-title", { name }),
      means: [text("admin-revoke-means"), isOwn(token) ? text("admin-revoke-own") : null],
      act: text("admin-revoke-act"),
      async work() {
        await change("DELETE", `/tokens/${id}`);
        changed(text("admin-revoked", { name }));
      },
    });
  }

  /** @param {string} told */
  function changed(told) {
    say(told);
    list.again();
  }

  const trouble = el("p", { class: "error", role: "alert" });
  const title = frame(
    host,
    "tokens",
    el(
      "div",
      { class: "actions" },
      el(
        "button",
        { type: "button", "data-key": "new", on: { click: () => actIn(trouble, () => openToken(changed)) } },
        text("admin-token-new"),
      ),
    ),
    trouble,
  );
  const list = records({
    path: "/tokens",
    line,
    title,
    async prepare(/** @type {Token[]} */ tokens) {
      known.know(tokens);
      await known.readDoctors(tokens.map(({ doctorId }) => doctorId));
      for (const id of new Set(tokens.map(({ createdBy }) => createdBy))) {
        if (id !== null && !makers.has(id)) makers.set(id, await known.callerOf(id));
      }
    },
  });
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
