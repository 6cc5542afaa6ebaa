// @ts-check
//
// Which views there are, and whom each is for. Who asks for one that is not for him or her is shown another: what the API
// refuses it refuses all the same.

import { auditView } from "./admin/audit.js";
import { doctorsView } from "./admin/doctors.js";
import { tokensView } from "./admin/tokens.js";
import { visitTypesView } from "./admin/visit-types.js";
import { webhooksView } from "./admin/webhooks.js";
import { dayView } from "./board/day.js";
import { listView } from "./board/list.js";
import { monthView } from "./board/month.js";
import { weekView } from "./board/week.js";
import { mineView } from "./booking/mine.js";
import { sheetView } from "./booking/sheet.js";
import { closuresView } from "./hours/closures.js";
import { hoursView } from "./hours/hours.js";
import { overridesView } from "./hours/overrides.js";
import { timeOffView } from "./hours/time-off.js";
import { patientsView } from "./patients/view.js";
import { can, whoIsIn } from "./session.js";
import { waitlistView } from "./waitlist/view.js";

/**
 * @typedef {object} View What is shown in the middle of the page.
 * @property {HTMLElement} title
 * @property {(params: URLSearchParams) => void} show shows what the address says
 * @property {(news: import("./live.js").News) => void} update something has changed
 * @property {() => void} stop it is not shown any more
 * @property {import("./leave.js").Unsaved} [unsaved] what going elsewhere would lose
 */
/**
 * @typedef {object} Kind
 * @property {(host: HTMLElement) => View} make
 * @property {() => boolean} isFor whether it means something to whoever is here
 */

const anybody = () => true;

/** By what the address calls them. @type {Record<string, Kind>} */
export const VIEWS = {
  mine: { make: mineView, isFor: () => whoIsIn().role === "patient" },
  day: { make: dayView, isFor: anybody },
  week: { make: weekView, isFor: anybody },
  month: { make: monthView, isFor: anybody },
  list: { make: listView, isFor: anybody },
  sheet: { make: sheetView, isFor: can.advance },
  hours: { make: hoursView, isFor: can.seeHours },
  overrides: { make: overridesView, isFor: can.seeHours },
  "time-off": { make: timeOffView, isFor: can.seeHours },
  closures: { make: closuresView, isFor: can.follow },
  patients: { make: patientsView, isFor: can.choosePatient },
  waitlist: { make: waitlistView, isFor: can.wait },
  doctors: { make: doctorsView, isFor: can.registerDoctors },
  "visit-types": { make: visitTypesView, isFor: can.registerDoctors },
  tokens: { make: tokensView, isFor: can.administer },
  webhooks: { make: webhooksView, isFor: can.administer },
  audit: { make: auditView, isFor: can.administer },
};

/** @param {string} view */
export const isFor = (view) => Object.hasOwn(VIEWS, view) && VIEWS[view].isFor();

/** Where one begins: patients with their visits, doctors with their week, and everybody else with the day. */
export function home() {
  const { role } = whoIsIn();
  return role === "patient" ? "mine" : role === "doctor" ? "week" : "day";
}
