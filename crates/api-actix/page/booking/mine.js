// @ts-check
//
// A patient's own page: the visits, the way to another one, and what is known of oneself.

import { readAll, readTagged } from "../ask.js";
import { reading, waiting } from "../board/reading.js";
import { el, refill } from "../dom.js";
import { openChange } from "../patients/change.js";
import { described } from "../patients.js";
import { link } from "../route.js";
import { whoIsIn } from "../session.js";
import { text } from "../texts.js";
import { visitList } from "./visits.js";

/** @typedef {import("../api").components["schemas"]["Booking"]} Booking */
/** @typedef {import("../views.js").View} View */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function mineView(host) {
  const title = el("h2", { tabindex: -1 }, text("myVisits"));
  const list = el("div", { class: "board" }, waiting());
  const ways = el(
    "p",
    { class: "actions" },
    el("a", { class: "button", href: link("list") }, text("findTime")),
    el("a", { href: link("waitlist") }, text("view-waitlist")),
  );
  host.replaceChildren(title, ways, list);
  const work = reading(list);

  /** @param {AbortSignal} signal */
  async function readMine(signal) {
    const [bookings, { value: me, tag }] = await Promise.all([
      /** @type {Promise<Booking[]>} */ (readAll("/bookings", {}, signal)),
      readTagged(`/patients/${whoIsIn().patientId}`),
    ]);
    const visits = await visitList(bookings);
    if (signal.aborted) return;
    refill(
      list,
      ...visits,
      el("h3", {}, text("aboutMe")),
      el("p", {}, [described(me), me.email].filter(Boolean).join(" · ")),
      el(
        "button",
        { type: "button", class: "plain", "data-key": "change", on: { click: () => openChange(me, tag, readAgain) } },
        text("changeMine"),
      ),
    );
  }
  const readAgain = () => work.run(readMine, (message) => refill(list, message));

  return {
    title,
    show: readAgain,
    update({ all, bookings }) {
      if (all || bookings.size > 0) readAgain();
    },
    stop: work.stop,
  };
}
