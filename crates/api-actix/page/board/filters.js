// @ts-check
//
// What stands above a view: which dates, whose, for which visits. What is chosen goes into the address, and the view follows
// the address.

import { read } from "../ask.js";
import { allDoctors, allTypes, fullName } from "../directory.js";
import { el, labelled } from "../dom.js";
import { inWords } from "../problems.js";
import { go, route } from "../route.js";
import { say } from "../say.js";
import { can } from "../session.js";
import { text } from "../texts.js";
import { dayAndTime, plusDays, today, wall } from "../time.js";

/** @typedef {{ date: string, specialty: string, q: string, type: string, doctor: string, at: string }} Chosen */

/**
 * What the address says.
 *
 * @param {URLSearchParams} params
 * @returns {Chosen}
 */
export function chosen(params) {
  const said = params.get("date") ?? "";
  const isDate = /^\d{4}-\d\d-\d\d$/.test(said) && !Number.isNaN(Date.parse(said)) && plusDays(said, 0) === said;
  /** @param {string} name */
  const get = (name) => params.get(name) ?? "";
  return {
    date: isDate ? said : today(),
    specialty: get("specialty"),
    q: get("q"),
    type: get("type"),
    doctor: get("doctor"),
    at: get("at"),
  };
}

/**
 * Whether something else is looked for: who does not see it wants to hear what was found.
 *
 * @param {Chosen | undefined} before
 * @param {Chosen} now
 */
export const isOtherSearch = (before, now) =>
  before !== undefined && (before.q !== now.q || before.specialty !== now.specialty || before.type !== now.type);

/** How long typing has to rest before it is searched: milliseconds. */
const REST = 250;
/** How far the next free date is looked for, in as many days at once as can be asked for, and how often. */
const WINDOW = 92;
const WINDOWS = 4;

/**
 * @typedef {object} Kind What a view can be narrowed by.
 * @property {string} view
 * @property {boolean} byDoctor one doctor, rather than a specialty and a name
 * @property {(date: string, way: -1 | 1) => string} step the date of the page before or after
 * @property {(date: string) => string} beyond the first date that the view does not show
 */

/**
 * The controls of a view.
 *
 * @param {Kind} kind
 * @returns {{ element: HTMLElement, show: (now: Chosen) => void, offer: () => void }} `offer` is for after what is shown first
 */
export function filters({ view, byDoctor, step, beyond }) {
  /** @type {Chosen} */
  let now = chosen(new URLSearchParams());

  /**
   * @param {Partial<Chosen>} changed
   * @param {boolean} [inPlace]
   */
  function choose(changed, inPlace) {
    // The address may be ahead of what is shown.
    const said = route();
    const latest = said?.view === view ? chosen(said.params) : now;
    go(view, { ...latest, doctor: latest.doctor || now.doctor, at: "", ...changed }, inPlace);
  }

  /**
   * @param {string} name
   * @param {() => void} act
   * @param {string} [sign]
   */
  const button = (name, act, sign) =>
    el(
      "button",
      {
        type: "button",
        class: "plain",
        title: sign ? name : null,
        "aria-label": sign ? name : null,
        on: { click: act },
      },
      sign ?? name,
    );

  const date = el("input", { type: "date", required: true });
  date.addEventListener("change", () => date.value !== "" && choose({ date: date.value }));
  const dates = el(
    "div",
    { class: "dates" },
    button(text("earlier"), () => choose({ date: step(now.date, -1) }), "‹"),
    labelled(text("date"), date),
    button(text("later"), () => choose({ date: step(now.date, 1) }), "›"),
    button(text("today"), () => choose({ date: today() })),
    button(text("nextFree"), () => findNext().catch((error) => say(inWords(error)))),
  );

  const doctor = el("select");
  doctor.addEventListener("change", () => choose({ doctor: doctor.value }));
  const specialty = el("select");
  specialty.addEventListener("change", () => choose({ specialty: specialty.value }));
  const name = el("input", { type: "search", maxlength: 200, autocomplete: "off" });
  let typing = 0;
  name.addEventListener("input", () => {
    clearTimeout(typing);
    // Whoever has gone on to another view meanwhile is not led back.
    typing = setTimeout(() => element.isConnected && choose({ q: name.value.trim() }, true), REST);
  });
  const type = el("select");
  type.addEventListener("change", () => choose({ type: type.value }));

  const element = el(
    "form",
    {
      class: "filters",
      role: "search",
      "aria-label": text("filters"),
      on: { submit: (/** @type {Event} */ event) => event.preventDefault() },
    },
    dates,
    byDoctor
      ? labelled(text("doctor"), doctor)
      : [labelled(text("specialty"), specialty), labelled(text("name"), name)],
    can.follow() ? labelled(text("visitType"), type) : null,
  );

  /** Reads what can be chosen. */
  async function offer() {
    const [doctors, types] = await Promise.all([allDoctors(), can.follow() ? allTypes() : []]);
    fill(
      doctor,
      doctors.map((one) => [one.id, `${fullName(one)} · ${one.specialty}`]),
      now.doctor,
    );
    const specialties = new Map(doctors.map((one) => [one.specialty.toLowerCase(), one.specialty]));
    const sorted = [...specialties.values()].sort((one, other) => one.localeCompare(other));
    fill(specialty, [["", text("any")], ...sorted.map((one) => pair(one))], now.specialty);
    const offered = types.filter(({ retired }) => !retired);
    fill(type, [["", text("noType")], ...offered.map((one) => pair(one.id, one.name))], now.type);
  }

  async function findNext() {
    const ids = await doctorsMeant();
    if (ids !== null && ids.length === 0) return say(text("noFree"));
    // Whoever is led to one already wants another.
    let from = now.at === "" ? now.date : beyond(now.date);
    if (from < today()) from = today();
    for (let left = WINDOWS; left > 0; left -= 1) {
      const query = {
        from,
        to: plusDays(from, WINDOW - 1),
        limit: 1,
        visitType: now.type,
        specialty: byDoctor ? "" : now.specialty,
      };
      const { items } = await read("/availability", { ...query, ...(ids ? { doctorId: ids } : {}) });
      if (items.length > 0) return leadTo(items[0].start);
      from = plusDays(from, WINDOW);
    }
    say(text("noFree"));
  }

  /** @param {string} start */
  function leadTo(start) {
    // What is said now would not count any more when another date is shown.
    const tell = () => say(text("nextIs", { time: dayAndTime(start) }));
    window.addEventListener("hashchange", tell, { once: true });
    choose({ date: wall(start).date, at: start });
  }

  /** Of whom a search is; null: of all. */
  async function doctorsMeant() {
    if (byDoctor) return now.doctor ? [now.doctor] : [];
    if (now.q === "") return null;
    const { items } = await read("/doctors", { q: now.q, specialty: now.specialty, active: "true", limit: 50 });
    return /** @type {string[]} */ (items.map((/** @type {{ id: string }} */ { id }) => id));
  }

  return {
    element,
    show(to) {
      now = to;
      date.value = now.date;
      // Whoever is typing is not interrupted by what was typed before.
      if (document.activeElement !== name) name.value = now.q;
      for (const [select, value] of /** @type {const} */ ([
        [doctor, now.doctor],
        [specialty, now.specialty],
        [type, now.type],
      ])) {
        if (select.options.length > 0) pick(select, value);
      }
    },
    // They are not waited for: without them, all that was chosen still shows.
    offer: () => void offer().catch(() => {}),
  };
}

/**
 * @param {string} value
 * @param {string} [name]
 * @returns {[string, string]}
 */
const pair = (value, name = value) => [value, name];

/**
 * Puts choices into a select; what is chosen already stays there, even if it is not among them.
 *
 * @param {HTMLSelectElement} select
 * @param {string[][]} choices
 * @param {string} now
 */
function fill(select, choices, now) {
  const values = choices.map(([value]) => value).join("\n");
  if (select.dataset.values !== values) {
    select.replaceChildren(...choices.map(([value, name]) => el("option", { value }, name)));
    select.dataset.values = values;
  }
  pick(select, now);
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function pick(select, value) {
  const options = [...select.options];
  const same = options.find((option) => option.value.toLowerCase() === value.toLowerCase());
  if (same === undefined) select.append(el("option", { value }, value === "" ? text("choose") : value));
  select.value = same?.value ?? value;
}
