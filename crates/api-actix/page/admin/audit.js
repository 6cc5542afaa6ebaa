// @ts-check
//
// The audit log: who has seen what of whose, and what was refused. Patients are named only on demand: that is a look, too.

import { openDialog } from "../booking/dialog.js";
import { showBooking } from "../booking/details.js";
import { choice, el, heard, labelled } from "../dom.js";
import { patientPicker } from "../patients/picker.js";
import { inWords } from "../problems.js";
import { go, link } from "../route.js";
import { text } from "../texts.js";
import { here, plusDays } from "../time.js";
import { frame } from "./frame.js";
import { names } from "./names.js";
import { records } from "./records.js";

/** @typedef {import("../api").components["schemas"]["AuditEntry"]} AuditEntry */
/** @typedef {import("../api").components["schemas"]["ActionName"]} ActionName */
/** @typedef {import("../views.js").View} View */
/** @typedef {{ action: string, outcome: string, from: string, to: string, caller: string, patient: string }} Chosen */

/** All there are: the check of types sees to it that none is forgotten. @type {Record<ActionName, true>} */
const ACTIONS = {
  "sign-in": true,
  "read-doctors": true,
  "register-doctors": true,
  "amend-doctors": true,
  "read-hours": true,
  "change-hours": true,
  "find-free-slots": true,
  "see-why-not-free": true,
  "read-patients": true,
  "register-patients": true,
  "amend-patients": true,
  "read-bookings": true,
  "read-booking-history": true,
  book: true,
  reschedule: true,
  cancel: true,
  "advance-bookings": true,
  reinstate: true,
  "set-rules-aside": true,
  hold: true,
  wait: true,
  "read-closures": true,
  "change-closures": true,
  "read-visit-types": true,
  "change-visit-types": true,
  "follow-events": true,
  "manage-tokens": true,
  "manage-webhooks": true,
  "read-audit": true,
};

/** @param {ActionName} action */
const actionText = (action) => text(`act-${action}`);

/**
 * The instant at which a date begins, on the clock of whoever looks at it.
 *
 * @param {string} date
 */
const startOf = (date) => new Date(`${date}T00:00:00`).toISOString();

/** @param {string} said */
const isDate = (said) => /^\d{4}-\d\d-\d\d$/.test(said) && !Number.isNaN(Date.parse(said));

/**
 * What the address says. What makes no sense there is left out.
 *
 * @param {URLSearchParams} params
 * @returns {Chosen}
 */
function chosen(params) {
  const get = (/** @type {string} */ name) => params.get(name) ?? "";
  const id = (/** @type {string} */ name) => (/^[0-9a-f-]{36}$/i.test(get(name)) ? get(name) : "");
  const date = (/** @type {string} */ name) => (isDate(get(name)) ? get(name) : "");
  return {
    action: Object.hasOwn(ACTIONS, get("action")) ? get("action") : "",
    outcome: ["seen", "refused"].includes(get("outcome")) ? get("outcome") : "",
    from: date("from"),
    to: date("to"),
    caller: id("caller"),
    patient: id("patient"),
  };
}

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function auditView(host) {
  const known = names();
  /** Callers that are neither doctors nor patients, by name. @type {Map<string, string>} */
  const callers = new Map();
  let now = chosen(new URLSearchParams());

  /** @param {AuditEntry} entry */
  const callerName = ({ callerId, role }) =>
    callerId === null
      ? text("audit-nobody")
      : role === "doctor"
        ? known.doctor(callerId)
        : (callers.get(callerId) ?? text("audit-somebody"));

  /** @param {AuditEntry} entry */
  function who(entry) {
    const { id, callerId, role } = entry;
    if (callerId === null || role === "nobody") return [text("audit-nobody")];
    if (role === "patient") return [known.patient(callerId, `who ${id}`), narrowTo({ caller: callerId }, "", entry)];
    const name = callerName(entry);
    return [
      el("span", {}, `${name} · ${text(/** @type {"doctor"} */ (role))}`),
      narrowTo({ caller: callerId }, name, entry),
    ];
  }

  /**
   * @param {Partial<Chosen>} to
   * @param {string} name
   * @param {AuditEntry} entry
   */
  const narrowTo = (to, name, { id }) =>
    (to.caller ?? now.caller) === now.caller && (to.patient ?? now.patient) === now.patient
      ? null
      : el(
          "a",
          { class: "only", href: link("audit", { ...now, ...to }), "data-key": `only ${Object.keys(to)[0]} ${id}` },
          text("audit-only"),
          heard(name || text("patient")),
        );

  /** @param {AuditEntry} entry */
  function line(entry) {
    const { id, at, action, outcome, doctorId, patientId, bookingId, requestId } = entry;
    const about = [
      doctorId === null ? null : el("span", {}, known.doctor(doctorId)),
      patientId === null
        ? null
        : el("span", { class: "whose" }, known.patient(patientId, id), narrowTo({ patient: patientId }, "", entry)),
      bookingId === null
        ? null
        : el(
            "button",
            {
              type: "button",
              class: "plain small",
              "data-key": `visit ${id}`,
              on: { click: () => showBooking(bookingId) },
            },
            text("audit-visit"),
            heard(here(at)),
          ),
    ].filter((one) => one !== null);
    return el(
      "li",
      { class: `line ${outcome}` },
      el("time", { datetime: at }, here(at)),
      el(
        "span",
        {},
        `${actionText(action)}: `,
        el("strong", {}, text(`audit-${outcome}`)),
        requestId === null ? null : el("span", { class: "request" }, text("audit-request", { id: requestId })),
      ),
      el("span", { class: "who" }, heard(`${text("audit-caller")}: `), who(entry)),
      about.length === 0 ? null : el("span", { class: "about" }, heard(`${text("audit-about")}: `), about),
    );
  }

  /** @param {Partial<Chosen>} changed */
  const choose = (changed) => go("audit", { ...now, ...changed });

  const action = choice(
    [
      ["", text("any")],
      ...Object.keys(ACTIONS)
        .map((name) => /** @type {[string, string]} */ ([name, actionText(/** @type {ActionName} */ (name))]))
        .sort(([, one], [, other]) => one.localeCompare(other)),
    ],
    "",
  );
  const outcome = choice(
    [
      ["", text("any")],
      ["seen", text("audit-seen")],
      ["refused", text("audit-refused")],
    ],
    "",
  );
  const from = el("input", { type: "date" });
  const to = el("input", { type: "date" });
  action.addEventListener("change", () => choose({ action: action.value }));
  outcome.addEventListener("change", () => choose({ outcome: outcome.value }));
  from.addEventListener("change", () => choose({ from: from.value }));
  to.addEventListener("change", () => choose({ to: to.value }));

  function findPatient() {
    const picker = patientPicker(null, { mayAdd: false });
    const trouble = el("p", { class: "error", role: "alert" });
    const form = el(
      "form",
      { novalidate: true },
      picker.element,
      trouble,
      el("div", { class: "actions" }, el("button", { type: "submit" }, text("audit-find-act"))),
    );
    const dialog = openDialog(text("audit-find-title"), [form]);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const patient = await picker.patient();
        if (patient === null) return;
        dialog.close();
        choose({ patient });
      } catch (error) {
        trouble.textContent = inWords(error);
      }
    });
    picker.focus();
  }

  const narrowed = el("div", { class: "narrowings" });
  const title = frame(
    host,
    "audit",
    el(
      "form",
      {
        class: "filters",
        role: "search",
        "aria-label": text("audit-filters"),
        on: { submit: (/** @type {Event} */ event) => event.preventDefault() },
      },
      labelled(text("audit-action"), action),
      labelled(text("audit-outcome"), outcome),
      labelled(text("audit-from"), from),
      labelled(text("audit-to"), to),
      el(
        "button",
        { type: "button", class: "plain", "data-key": "find", on: { click: findPatient } },
        text("audit-find"),
      ),
    ),
    narrowed,
  );
  title.after(el("p", { class: "hint" }, text("audit-hint")));
  const list = records({
    path: "/audit",
    line,
    title,
    async prepare(/** @type {AuditEntry[]} */ entries) {
      await known.readDoctors(
        entries.flatMap(({ doctorId, callerId, role }) => [doctorId, role === "doctor" ? callerId : null]),
      );
      const others = entries.filter(({ role }) => role === "administrator" || role === "front-desk");
      for (const id of new Set(others.map(({ callerId }) => callerId))) {
        if (id !== null && !callers.has(id)) callers.set(id, (await known.callerOf(id)) ?? text("audit-somebody"));
      }
      if (now.caller !== "") showNarrowed(entries[0]);
    },
  });
  host.append(el("div", { class: "log" }, list.element));

  /** @param {AuditEntry} [first] by it the one who is looked at is known */
  function showNarrowed(first) {
    const caller = first === undefined || first.role === "patient" ? text("audit-somebody") : callerName(first);
    /** @param {string} said @param {Partial<Chosen>} wide */
    const line = (said, wide) =>
      el(
        "p",
        { class: "narrowed" },
        el("span", {}, said),
        el(
          "a",
          { href: link("audit", { ...now, ...wide }), "data-key": `widen ${Object.keys(wide)[0]}` },
          text("audit-widen"),
        ),
      );
    narrowed.replaceChildren(
      ...(now.caller === "" ? [] : [line(text("audit-narrowed-caller", { name: caller }), { caller: "" })]),
      ...(now.patient === "" ? [] : [line(text("audit-narrowed-patient"), { patient: "" })]),
    );
  }

  return {
    title,
    show(params) {
      now = chosen(params);
      [action.value, outcome.value, from.value, to.value] = [now.action, now.outcome, now.from, now.to];
      showNarrowed();
      list.show({
        action: now.action,
        outcome: now.outcome,
        callerId: now.caller,
        patientId: now.patient,
        from: now.from === "" ? "" : startOf(now.from),
        to: now.to === "" ? "" : startOf(plusDays(now.to, 1)),
      });
    },
    // Its own looks are written down, too: it is read anew only when somebody asks for it.
    update() {},
    stop: list.stop,
  };
}
