// @ts-check
//
// The doctors: finding, registering and changing them, and whether they take bookings.

import { changeKnowingly } from "../affected.js";
import { change, readAll, readTagged } from "../ask.js";
import { allTypes, forget, fullName } from "../directory.js";
import { choice, el, labelled } from "../dom.js";
import { go, link } from "../route.js";
import { say } from "../say.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { openDoctor } from "./doctor-form.js";
import { fact, frame, lineButton } from "./frame.js";
import { actIn, records } from "./records.js";
import { duration } from "./words.js";

/** @typedef {import("../directory.js").Doctor} Doctor */
/** @typedef {import("../directory.js").VisitType} VisitType */
/** @typedef {import("../views.js").View} View */

/** How long typing has to rest before it is searched: milliseconds. */
const REST = 250;

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function doctorsView(host) {
  /** @type {VisitType[]} */
  let types = [];

  /** @param {Doctor} doctor */
  function line(doctor) {
    const name = fullName(doctor);
    const trouble = el("p", { class: "error", role: "alert" });
    const mayChange = can.changeDoctor(doctor.id);
    const isActive = doctor.active;
    return el(
      "li",
      { class: "line" },
      el(
        "div",
        { class: "head" },
        el("h3", {}, name),
        el("span", { class: isActive ? "badge" : "badge off" }, text(isActive ? "admin-active" : "admin-inactive")),
      ),
      el(
        "dl",
        {},
        fact(text("specialty"), doctor.specialty),
        fact(text("admin-zone"), doctor.timeZone),
        fact(text("admin-slots"), duration(doctor.slotMinutes)),
        fact(text("view-visit-types"), offered(doctor)),
      ),
      el(
        "div",
        { class: "actions" },
        mayChange ? lineButton(text("admin-change"), name, `change ${doctor.id}`, () => edit(doctor, trouble)) : null,
        mayChange
          ? lineButton(text(isActive ? "admin-deactivate" : "admin-activate"), name, `active ${doctor.id}`, () =>
              actIn(trouble, () => (isActive ? deactivate(doctor) : activate(doctor))),
            )
          : null,
        el("a", { href: link("week", { doctor: doctor.id }), "data-key": `week ${doctor.id}` }, text("toWeek")),
      ),
      trouble,
    );
  }

  /** @param {Doctor} doctor */
  function offered({ visitTypes }) {
    if (visitTypes === null) return text("admin-offers-every");
    const named = types.filter(({ id, retired }) => !retired && visitTypes.includes(id)).map(({ name }) => name);
    return named.length === 0 ? text("admin-offers-none") : named.join(", ");
  }

  /**
   * @param {Doctor} doctor
   * @param {HTMLElement} trouble
   */
  const edit = (doctor, trouble) =>
    actIn(trouble, async () => openDoctor(await readTagged(`/doctors/${doctor.id}`), await allTypes(), changed));

  /** @param {Doctor} doctor */
  async function deactivate(doctor) {
    const name = fullName(doctor);
    const path = `/doctors/${doctor.id}`;
    const { tag } = await readTagged(path);
    const done = await changeKnowingly({
      title: text("admin-deactivate-title", { name }),
      means: text("admin-deactivate-means", { name }),
      go: text("admin-deactivate-act"),
      asks: true,
      ofMany: false,
      send: (how) => change("PATCH", `${path}${how}`, { active: false }, tag),
    });
    if (done !== null) changed(text("admin-deactivated", { name }));
  }

  /** @param {Doctor} doctor */
  async function activate(doctor) {
    const path = `/doctors/${doctor.id}`;
    const { tag } = await readTagged(path);
    await change("PATCH", path, { active: true }, tag);
    changed(text("admin-activated", { name: fullName(doctor) }));
  }

  /** @param {string} told */
  function changed(told) {
    // They may be shown elsewhere, by what was known before.
    forget();
    say(told);
    list.again();
  }

  const q = el("input", { type: "search", maxlength: 200, autocomplete: "off" });
  const specialty = el("select", {}, el("option", { value: "" }, text("any")));
  const active = choice(
    [
      ["", text("any")],
      ["true", text("admin-yes")],
      ["false", text("admin-no")],
    ],
    "",
  );
  const narrow = () => go("doctors", { q: q.value.trim(), specialty: specialty.value, active: active.value }, true);
  let typing = 0;
  q.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(narrow, REST);
  });
  for (const select of [specialty, active]) select.addEventListener("change", narrow);
  const filters = el(
    "form",
    {
      class: "filters",
      role: "search",
      "aria-label": text("filters"),
      on: { submit: (/** @type {Event} */ event) => event.preventDefault() },
    },
    labelled(text("name"), q),
    labelled(text("specialty"), specialty),
    labelled(text("admin-state"), active),
    can.registerDoctors()
      ? el(
          "button",
          {
            type: "button",
            "data-key": "new",
            on: { click: () => actIn(trouble, async () => openDoctor(null, await allTypes(), changed)) },
          },
          text("admin-doctor-new"),
        )
      : null,
  );
  const trouble = el("p", { class: "error", role: "alert" });
  /** @type {HTMLElement} */
  const title = frame(host, "doctors", filters, trouble);
  const list = records({
    path: "/doctors",
    line,
    title,
    async prepare() {
      types = await allTypes();
    },
  });
  host.append(list.element);
  /** The specialties that there are, of those who take bookings and those who do not. */
  async function offerSpecialties() {
    const doctors = /** @type {Doctor[]} */ (await readAll("/doctors"));
    const known = new Map(doctors.map((one) => [one.specialty.toLowerCase(), one.specialty]));
    const chosen = specialty.value;
    const sorted = [...known.values()].sort((one, other) => one.localeCompare(other));
    specialty.replaceChildren(
      el("option", { value: "" }, text("any")),
      ...sorted.map((value) => el("option", { value }, value)),
    );
    keep(specialty, chosen);
  }
  offerSpecialties().catch(() => {});

  return {
    title,
    show(params) {
      if (document.activeElement !== q) q.value = params.get("q") ?? "";
      keep(specialty, params.get("specialty") ?? "");
      const state = params.get("active") ?? "";
      active.value = state === "true" || state === "false" ? state : "";
      list.show({ q: params.get("q"), specialty: params.get("specialty"), active: active.value });
    },
    update({ all, about }) {
      if (all || about.size > 0) list.again();
    },
    stop() {
      clearTimeout(typing);
      list.stop();
    },
  };
}

/**
 * Chooses a value, also one that is not among the choices.
 *
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function keep(select, value) {
  const same = [...select.options].find((option) => option.value.toLowerCase() === value.toLowerCase());
  if (same === undefined) select.append(el("option", { value }, value));
  select.value = same?.value ?? value;
}
