// @ts-check
//
// What the views of somebody's hours have in common: which of them there are, whose hours they are, and on which clock.

import { read } from "../ask.js";
import { allDoctors, doctorOf, fullName } from "../directory.js";
import { choice, el, labelled } from "../dom.js";
import { go, link } from "../route.js";
import { can, whoIsIn } from "../session.js";
import { text } from "../texts.js";
import { isElsewhere, viewerZone } from "../time.js";

/** @typedef {import("../directory.js").Doctor} Doctor */

const VIEWS = /** @type {const} */ (["hours", "overrides", "time-off", "closures"]);

/**
 * Links to these views.
 *
 * @param {(typeof VIEWS)[number]} now
 * @param {string} doctor
 */
export function links(now, doctor) {
  return el(
    "nav",
    { class: "subviews", "aria-label": text("view-hours") },
    VIEWS.map((name) =>
      el(
        "a",
        {
          href: link(name, { doctor }),
          "data-key": `subview ${name}`,
          "aria-current": name === now ? "page" : null,
        },
        text(`${name}-short`),
      ),
    ),
  );
}

/**
 * The head of a view of one doctor's hours.
 *
 * @param {Exclude<(typeof VIEWS)[number], "closures">} view
 */
export function frame(view) {
  const nav = el("div");
  const title = el("h2", { tabindex: -1 }, text(`view-${view}`));
  const facts = el("p", { class: "hint" });
  const doctors = choice([], "");
  let shown = "";

  /** @param {Doctor} doctor */
  function tell(doctor) {
    const { id, timeZone: zone, slotMinutes } = doctor;
    title.textContent = text(`${view}-of`, { doctor: fullName(doctor) });
    facts.replaceChildren(
      text("slotsAndZone", { minutes: String(slotMinutes), zone }),
      isElsewhere(zone) ? ` ${text("yourZone", { zone: viewerZone })}` : "",
      " ",
      el("a", { href: link("week", { doctor: id }) }, text("seeWeek")),
    );
  }
  doctors.addEventListener("change", () => go(view, { doctor: doctors.value }));
  const chooser = el(
    "form",
    { class: "filters", on: { submit: (/** @type {Event} */ event) => event.preventDefault() } },
    labelled(text("doctor"), doctors),
  );
  // Doctors have only their own hours before them.
  const isOfAll = whoIsIn().doctorId === null;
  return {
    element: el("div", {}, nav, el("div", { class: "hours-head" }, el("div", {}, title, facts), isOfAll ? chooser : null)),
    title,

    /**
     * Whose hours the address means: one's own, where they are the only ones.
     *
     * @param {URLSearchParams} params
     */
    async doctor(params) {
      const own = whoIsIn().doctorId;
      const all = await allDoctors();
      const id = own ?? params.get("doctor") ?? all[0]?.id ?? "";
      nav.replaceChildren(links(view, id));
      if (id === "") return null;
      const doctor = await doctorOf(id);
      const offered = all.some((one) => one.id === id) ? all : [...all, doctor];
      doctors.replaceChildren(
        ...offered.map((one) => el("option", { value: one.id }, `${fullName(one)} · ${one.specialty}`)),
      );
      doctors.value = id;
      shown = id;
      tell(doctor);
      return doctor;
    },
    /**
     * The doctor who is shown, as he or she is now.
     *
     * @returns {Promise<Doctor>}
     */
    async again() {
      const doctor = /** @type {Doctor} */ (await read(`/doctors/${shown}`));
      if (doctor.id === shown) tell(doctor);
      return doctor;
    },
    /** One stays with the doctor who is shown. */
    stay: () => void (doctors.value = shown),
  };
}

/** @param {string} doctor */
export const hoursLink = (doctor) => (can.editHours(doctor) ? link("hours", { doctor }) : null);
