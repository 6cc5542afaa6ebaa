// @ts-check
//
// Signs in to the page, tells who one is, and signs out.
//
// A token comes in the fragment of a link (`/#token=…`), which browsers do not send, or is pasted. It is taken out of the
// address bar at once, given to the service for a session, and forgotten: the session is a cookie that no script can read.

import { find } from "./dom.js";
import { say } from "./say.js";
import { isText, text } from "./texts.js";
import { here } from "./time.js";

/** @typedef {import("./texts.js").TextName} TextName */
/** @typedef {import("./session.js").Me} Me */

const stranger = find("stranger", HTMLElement);
const signedOut = find("signed-out", HTMLElement);
const signedIn = find("signed-in", HTMLElement);
const form = find("sign-in", HTMLFormElement);
const field = find("token", HTMLInputElement);
const why = find("sign-in-why", HTMLElement);
const notNow = find("not-now", HTMLButtonElement);
const toSignIn = find("to-sign-in", HTMLButtonElement);
const signInError = find("sign-in-error", HTMLElement);
const signedInError = find("signed-in-error", HTMLElement);
const signOutButton = find("sign-out", HTMLButtonElement);
const meRole = find("me-role", HTMLElement);
const meName = find("me-name", HTMLElement);
const meUntil = find("me-until", HTMLTimeElement);

/** What did not go well, by the name of the text that tells it. */
class Trouble extends Error {
  /** @param {TextName} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/**
 * Asks the API.
 *
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
async function ask(method, path, body) {
  const json =
    body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    return await fetch(`/api/v1${path}`, { method, cache: "no-store", redirect: "error", ...json });
  } catch {
    throw new Trouble("unreachable");
  }
}

/**
 * @param {Response} answer
 * @returns {TextName}
 */
function reason(answer) {
  switch (answer.status) {
    case 400:
    case 401:
    case 413:
    case 422:
      return "unknown";
    case 403:
      return "elsewhere";
    case 429:
      return "tooMany";
    case 502:
    case 503:
    case 504:
      return "unavailable";
    default:
      return "wrong";
  }
}

/**
 * Who one is; null: not signed in.
 *
 * @returns {Promise<Me | null>}
 */
async function whoAmI() {
  const answer = await ask("GET", "/me");
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Trouble(reason(answer));
  return answer.json();
}

/**
 * Whether it is known who somebody is. Where anybody may see what is free, whoever is not signed in is somebody, too.
 *
 * @param {Me | null} me
 * @returns {me is Me}
 */
const isKnown = (me) => me !== null && me.role !== "nobody";

/** @param {string} token */
async function signIn(token) {
  const answer = await ask("POST", "/session", { token });
  if (!answer.ok) throw new Trouble(reason(answer));
  // Whether the browser has kept the cookie, only another request tells.
  const me = await whoAmI();
  if (!isKnown(me)) throw new Trouble("notKept");
  return me;
}

/**
 * Signs in by the token of a link. Where that does not go well, whoever was signed in before still is.
 *
 * @param {string} token
 * @returns {Promise<{ me: Me, why?: TextName }>}
 */
async function signInByLink(token) {
  try {
    return { me: await signIn(token) };
  } catch (error) {
    const me = await whoAmI().catch(() => null);
    if (me === null || !(error instanceof Trouble)) throw error;
    return { me, why: error.why };
  }
}

/** Signs out; who one is then. */
async function signOut() {
  const answer = await ask("DELETE", "/session");
  // Whoever is not known any more is signed out as well.
  if (!answer.ok && answer.status !== 401) throw new Trouble(reason(answer));
  return whoAmI();
}

/**
 * @typedef {object} Told Who is told of it.
 * @property {(me: Me) => void} signedIn
 * @property {() => void} signedOut
 */

/** @type {Told} */
let told;

/** @param {Me} me */
const roleText = ({ role }) => (isText(role) ? text(role) : role);

/**
 * @param {Me | null} me
 * @param {TextName} [error] of somebody who is not known
 */
function show(me, error) {
  if (me === null) return showForm(error);
  showMe(me);
  if (!isKnown(me) && error !== undefined) offer(error);
}

/** @param {Me} me */
function showMe(me) {
  say("");
  why.textContent = "";
  signInError.textContent = "";
  signedInError.textContent = "";
  field.value = "";
  meRole.textContent = roleText(me);
  meName.textContent = me.name ?? "–";
  meUntil.dateTime = me.expiresAt ?? "";
  meUntil.textContent = me.expiresAt === null ? "–" : here(me.expiresAt);
  signedOut.hidden = true;
  signedIn.hidden = !isKnown(me);
  stranger.hidden = isKnown(me);
  notNow.hidden = isKnown(me);
  told.signedIn(me);
}

/** @param {TextName} [error] */
function showForm(error) {
  say("");
  why.textContent = "";
  for (const shown of [meRole, meName, meUntil]) shown.textContent = "";
  signedIn.hidden = true;
  stranger.hidden = true;
  notNow.hidden = true;
  signedOut.hidden = false;
  told.signedOut();
  complain(error);
}

/** @param {TextName} [error] */
function complain(error) {
  signInError.textContent = error === undefined ? "" : text(error);
  field.ariaInvalid = String(error === "unknown" || error === "missing");
  if (error !== undefined) {
    field.focus();
    field.select();
  }
}

/** The token in the fragment of the address, which has none any more afterwards; null: there is none. */
function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token !== null) history.replaceState(history.state, "", location.pathname + location.search);
  return token === "" ? null : token;
}

/** How often something was begun: what was begun earlier shows nothing any more. */
let begun = 0;

/**
 * Does something that takes a while, and then shows what has come of it.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {(done: T) => void} show
 * @param {(why: TextName) => void} complain
 */
async function during(work, show, complain) {
  const mine = ++begun;
  document.body.ariaBusy = "true";
  /** @type {() => void} */
  let finish;
  try {
    const done = await work();
    finish = () => show(done);
  } catch (error) {
    const why = error instanceof Trouble ? error.why : "wrong";
    finish = () => complain(why);
  }
  if (mine === begun) {
    document.body.ariaBusy = "false";
    finish();
  }
}

const isBusy = () => document.body.ariaBusy === "true";

/** Signs in by the token in the address, if there is one, and else shows who one is. */
function begin() {
  const token = takeToken();
  say(text("wait"));
  if (token === null) {
    during(whoAmI, show, showForm);
  } else {
    during(() => signInByLink(token), welcome, showForm);
  }
}

/**
 * Whoever has just signed in goes on with what is shown, and is told so.
 *
 * @param {{ me: Me, why?: TextName }} signedIn
 */
function welcome({ me, why }) {
  if (!isKnown(me)) return show(me, why);
  showMe(me);
  if (why === undefined) say(text("signedInAs", { role: roleText(me) }));
  else signedInError.textContent = text(why);
  const title = document.querySelector("#view h2");
  if (title instanceof HTMLElement) title.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isBusy()) return;
  const token = field.value.trim();
  signInError.textContent = "";
  if (token === "") {
    complain("missing");
  } else {
    during(
      () => signIn(token),
      (me) => welcome({ me }),
      complain,
    );
  }
});

signOutButton.addEventListener("click", () => {
  if (isBusy()) return;
  signedInError.textContent = "";
  during(
    signOut,
    (me) => {
      show(me);
      say(text("signedOut"));
      (me === null ? field : toSignIn).focus();
    },
    (why) => (signedInError.textContent = text(why)),
  );
});

toSignIn.addEventListener("click", () => offer());
notNow.addEventListener("click", close);
signedOut.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && !notNow.hidden) close();
});

/** Where the focus was before somebody who need not sign in was offered to. */
let opener = /** @type {Element | null} */ (null);

/** @param {TextName} [error] */
function offer(error) {
  opener = document.activeElement;
  signedOut.hidden = false;
  stranger.hidden = true;
  complain(error);
  field.focus();
}

function close() {
  signedOut.hidden = true;
  stranger.hidden = false;
  field.value = "";
  signInError.textContent = "";
  why.textContent = "";
  const back = opener instanceof HTMLElement && opener.isConnected && opener !== toSignIn ? opener : toSignIn;
  back.focus();
}

/**
 * Asks somebody who is not signed in to do so, since what was chosen is not for everybody.
 *
 * @param {string} reason in words
 */
export function askToSignIn(reason) {
  offer();
  why.textContent = reason;
}

// A link to the page that is open already only changes the fragment.
window.addEventListener("hashchange", () => {
  if (new URLSearchParams(location.hash.slice(1)).has("token")) begin();
});

// A page that the browser had put away may be of somebody who has signed out since.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  const was = !signedIn.hidden;
  during(whoAmI, (me) => show(me, was ? "ended" : undefined), showForm);
});

/**
 * Begins: whoever is signed in already, or by the link, is told to the page, and so is everybody after.
 *
 * @param {Told} who
 */
export function start(who) {
  told = who;
  begin();
}

/** Whoever was signed in is not known any more. */
export function end() {
  if (!signedIn.hidden) showForm("ended");
}
