// @ts-check
//
// Starts the page: who is signed in, which view the address names, and what is told to it while it is open.

import { strangers } from "./ask.js";
import { dragging } from "./board/drag.js";
import { closeBooking, updateBooking } from "./booking/details.js";
import { forget } from "./directory.js";
import { find } from "./dom.js";
import { isHeldBack } from "./leave.js";
import { listen, lookNowAndThen } from "./live.js";
import { entries } from "./menu.js";
import { route } from "./route.js";
import { say } from "./say.js";
import { can, setMe } from "./session.js";
import * as signIn from "./sign-in.js";
import { isText, language, text } from "./texts.js";
import { VIEWS, home, isFor } from "./views.js";

/** @typedef {import("./live.js").News} News */
/** @typedef {import("./views.js").View} View */

const host = find("view", HTMLElement);
const menu = find("views", HTMLElement);
const skip = find("skip", HTMLAnchorElement);
const connection = find("connection", HTMLElement);

/** @type {{ name: string, view: View } | null} */
let current = null;
/** @type {(() => void) | null} */
let stopListening = null;

/** Shows what the address says. */
function follow() {
  if (stopListening === null) return;
  const said = route();
  const name = said !== null && isFor(said.view) ? said.view : home();
  const params = said?.params ?? new URLSearchParams();
  if (isHeldBack(current?.view.unsaved, { name, params })) return;
  const isNew = current === null || current.name !== name;
  // What was said belongs to where one was.
  if (current !== null) say("");
  if (isNew) {
    const isFirst = current === null;
    current?.view.stop();
    closeBooking();
    current = { name, view: VIEWS[name].make(host) };
    // Whoever has followed a link hears where it has led.
    if (!isFirst && !params.has("at")) current.view.title.focus();
  }
  menu.replaceChildren(...entries(name, params));
  document.title = `${titleOf(name)} · ${text("title")}`;
  current?.view.show(params);
}

/** @param {string} view */
function titleOf(view) {
  const name = `view-${view}`;
  return text(isText(name) ? name : "sheet");
}

/** @param {News} news */
function tell(news) {
  if (news.all || news.about.size > 0) forget();
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
dragging(host);
window.addEventListener("hashchange", follow);
window.addEventListener("beforeunload", (event) => {
  if (current?.view.unsaved?.wouldLose(null)) event.preventDefault();
});
window.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector("dialog[open]") === null) closeBooking();
});
strangers.addEventListener("stranger", signIn.end);
signIn.start({ signedIn, signedOut });
