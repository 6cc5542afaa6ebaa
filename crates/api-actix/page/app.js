// @ts-check
//
// Starts the page: who is signed in, which view the address names, and what is told to it while it is open.

import { strangers } from "./ask.js";
import { dayView } from "./board/day.js";
import { listView } from "./board/list.js";
import { monthView } from "./board/month.js";
import { weekView } from "./board/week.js";
import { closeBooking, updateBooking } from "./booking/details.js";
import { mineView } from "./booking/mine.js";
import { sheetView } from "./booking/sheet.js";
import { forget } from "./directory.js";
import { el, find } from "./dom.js";
import { listen, lookNowAndThen } from "./live.js";
import { link, route } from "./route.js";
import { say } from "./say.js";
import { can, setMe, whoIsIn } from "./session.js";
import * as signIn from "./sign-in.js";
import { isText, language, text } from "./texts.js";

/** @typedef {import("./live.js").News} News */
/**
 * @typedef {object} View What is shown in the middle of the page.
 * @property {HTMLElement} title
 * @property {(params: URLSearchParams) => void} show shows what the address says
 * @property {(news: News) => void} update something has changed
 * @property {() => void} stop it is not shown any more
 */

/** @type {Record<string, (host: HTMLElement) => View>} */
const VIEWS = { mine: mineView, day: dayView, week: weekView, month: monthView, list: listView, sheet: sheetView };
/** What is offered above, to whom it means something. */
const OFFERED = /** @type {const} */ (["day", "week", "month", "list"]);

const host = find("view", HTMLElement);
const menu = find("views", HTMLElement);
const skip = find("skip", HTMLAnchorElement);
const connection = find("connection", HTMLElement);

/** @type {{ name: string, view: View } | null} */
let current = null;
/** @type {(() => void) | null} */
let stopListening = null;

/** Where one begins: patients with their visits, doctors with their week, and the desk with the day. */
function home() {
  const { role } = whoIsIn();
  return role === "patient" ? "mine" : role === "doctor" ? "week" : "day";
}

/**
 * Whether a view means something to whoever is here: who is not signed in sees what is free, and nothing else.
 *
 * @param {string} view
 */
function isOffered(view) {
  if (view === "mine") return whoIsIn().role === "patient";
  if (view === "sheet") return can.advance();
  return Object.hasOwn(VIEWS, view) && (can.follow() || OFFERED.some((name) => name === view));
}

/** Shows what the address says. */
function follow() {
  if (stopListening === null) return;
  const said = route();
  const name = said !== null && isOffered(said.view) ? said.view : home();
  const params = said?.params ?? new URLSearchParams();
  const isNew = current === null || current.name !== name;
  // What was said belongs to where one was.
  if (current !== null) say("");
  if (isNew) {
    const isFirst = current === null;
    current?.view.stop();
    closeBooking();
    current = { name, view: VIEWS[name](host) };
    // Whoever has followed a link hears where it has led.
    if (!isFirst && !params.has("at")) current.view.title.focus();
  }
  showMenu(name, params);
  current?.view.show(params);
}

/**
 * @param {string} now
 * @param {URLSearchParams} params what is chosen stays chosen in another view
 */
function showMenu(now, params) {
  const kept = {
    date: params.get("date"),
    doctor: params.get("doctor"),
    specialty: params.get("specialty"),
    q: params.get("q"),
    type: params.get("type"),
  };
  const names = whoIsIn().role === "patient" ? /** @type {const} */ (["mine", ...OFFERED]) : OFFERED;
  menu.replaceChildren(
    ...names.map((name) =>
      el(
        "a",
        {
          href: link(name, name === "mine" ? {} : kept),
          "data-key": `view ${name}`,
          "aria-current": name === now ? "page" : null,
        },
        text(`view-${name}`),
      ),
    ),
  );
  document.title = `${text(isText(`view-${now}`) ? /** @type {"view-day"} */ (`view-${now}`) : "sheet")} · ${text("title")}`;
}

/** @param {News} news */
function tell(news) {
  if (news.all) forget();
  current?.view.update(news);
  updateBooking(news);
}

/** @param {import("./session.js").Me} me */
function signedIn(me) {
  signedOut();
  setMe(me);
  document.body.classList.add("in");
  for (const element of [host, menu, skip]) element.hidden = false;
  stopListening = () => {};
  follow();
  // A moment later, so that what is listened to does not stand in the way of what is shown first.
  const timer = setTimeout(() => {
    stopListening = can.follow()
      ? listen(tell, (isConnected) => (connection.textContent = isConnected ? "" : text("notConnected")))
      : lookNowAndThen(tell);
  }, 0);
  stopListening = () => clearTimeout(timer);
}

function signedOut() {
  stopListening?.();
  stopListening = null;
  current?.view.stop();
  current = null;
  closeBooking();
  forget();
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  for (const element of [host, menu, skip]) element.hidden = true;
  host.replaceChildren();
  connection.textContent = "";
  document.body.classList.remove("in");
  document.title = text("title");
  setMe(null);
}

document.documentElement.lang = language;
for (const element of document.querySelectorAll("[data-text]")) {
  const name = element.getAttribute("data-text") ?? "";
  if (isText(name)) element.textContent = text(name);
}
for (const element of document.querySelectorAll("[data-label]")) {
  const name = element.getAttribute("data-label") ?? "";
  if (isText(name)) element.setAttribute("aria-label", text(name));
}
skip.addEventListener("click", (event) => {
  // The fragment says where one is; it is not for this.
  event.preventDefault();
  find("main", HTMLElement).focus();
});
window.addEventListener("hashchange", follow);
window.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector("dialog[open]") === null) closeBooking();
});
strangers.addEventListener("stranger", signIn.end);
signIn.start({ signedIn, signedOut });
