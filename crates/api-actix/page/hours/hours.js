// @ts-check
//
// The hours that a doctor works, week by week: drawn or typed, from a date on, and saved once it is known whom that affects.

import { changeKnowingly, outcome } from "../affected.js";
import { change, readTagged, Refused } from "../ask.js";
import { reading, waiting } from "../board/reading.js";
import { onSubmit } from "../booking/dialog.js";
import { el, focusKey } from "../dom.js";
import { mayDrop } from "../leave.js";
import { inWords, wrongFields } from "../problems.js";
import { say } from "../say.js";
import { text } from "../texts.js";
import { dateText, plusDays, today } from "../time.js";
import { weekEditor } from "./editor.js";
import { effective } from "./effective.js";
import { frame } from "./frame.js";
import { meanwhile } from "./meanwhile.js";
import { holdsOn, versionList, versionText } from "./versions.js";

/** @typedef {import("../views.js").View} View */
/** @typedef {import("../directory.js").Doctor} Doctor */
/** @typedef {import("./versions.js").Version} Version */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function hoursView(host) {
  const head = frame("hours");
  const body = el("div", {}, waiting());
  host.replaceChildren(head.element, body);
  const work = reading(body);

  /** @type {Doctor | null} */
  let doctor = null;
  /** @type {Version[]} */
  let versions = [];
  /** By which the service knows what was seen. @type {string | null} */
  let tag = null;
  /** @type {Version | null} */
  let begunFrom = null;
  /** From when on it was to hold at first. @type {string | null} */
  let begunOn = null;
  /** What was there before anything was drawn; null: what is drawn is not saved, whatever is there. @type {string | null} */
  let base = "{}";
  let isSaving = false;
  /** Whether something has changed while it was being saved. */
  let isMissed = false;

  const editor = weekEditor(() => {
    trouble.textContent = "";
    mark();
  });
  const began = el("p", { class: "quiet" });
  const trouble = el("p", { class: "error", role: "alert" });
  const from = effective();
  const news = meanwhile({ take: () => takeOver(), keep: () => keepDrawn() });
  const unsavedMark = el("p", { class: "warning" });
  const discard = el(
    "button",
    { type: "button", class: "plain", "data-key": "discard", on: { click: drop } },
    text("discardChanges"),
  );
  const saving = el(
    "div",
    { class: "card saving" },
    began,
    from.element,
    // What comes and goes stands below: it does not move a button from under the pointer.
    el("div", { class: "actions" }, el("button", { type: "submit", "data-key": "save" }, text("saveHours")), discard),
    unsavedMark,
    trouble,
    news.element,
  );
  const form = el("form", { novalidate: true, class: "hours-form" }, editor.element, saving);
  const others = el("section", { "aria-labelledby": "versions-title" });

  function mark() {
    unsavedMark.textContent = isDirty() ? text("unsavedYet") : "";
    discard.disabled = !isDirty();
  }

  const isDirty = () => editor.json() !== base;

  /**
   * Puts a version before whoever edits.
   *
   * @param {Version | null} version
   * @param {string | null} effectiveFrom
   */
  function begin(version, effectiveFrom) {
    begunFrom = version;
    begunOn = effectiveFrom;
    editor.set(version?.weekly ?? {});
    base = editor.json();
    mark();
    began.textContent = version === null ? text("noVersions") : text("beganFrom", { version: versionText(version) });
    from.set(effectiveFrom, versions);
    news.hide();
    showVersions();
  }

  const now = () => today(/** @type {Doctor} */ (doctor).timeZone);
  const inForce = () => versions.find((version) => holdsOn(version, now())) ?? null;

  /** What is in force is where one begins. Of whoever has no hours yet, the first hold for all dates. */
  const beginNow = () => begin(inForce(), versions.length === 0 ? null : plusDays(now(), 1));

  function showVersions() {
    others.replaceChildren(
      el("h3", { id: "versions-title" }, text("versions")),
      versionList(versions, {
        today: now(),
        shown: begunFrom,
        look: (version) => unlessDropped(() => begin(version, version.effectiveFrom)),
        begin: (version) => unlessDropped(() => begin(version, plusDays(now(), 1))),
        remove: removeVersion,
      }),
    );
  }

  /** @param {() => void} act */
  async function unlessDropped(act) {
    if (isDirty() && !(await mayDrop())) return;
    act();
    head.title.focus();
    head.title.scrollIntoView({ block: "nearest" });
  }

  function drop() {
    begin(begunFrom, begunOn);
    focusKey(form, "save");
    say(text("discarded"));
  }

  async function readVersions() {
    const { id } = /** @type {Doctor} */ (doctor);
    const seen = await readTagged(`/doctors/${id}/working-hours/versions`);
    return { versions: /** @type {Version[]} */ (seen.value.items), tag: seen.tag };
  }
  /** @param {Version[]} all */
  const same = (all) => JSON.stringify(all) === JSON.stringify(versions);

  /** @param {{ versions: Version[], tag: string | null }} seen */
  function know(seen) {
    ({ versions, tag } = seen);
    from.know(versions);
    showVersions();
  }

  async function save() {
    const effectiveFrom = from.get();
    if (effectiveFrom === undefined || doctor === null) return;
    trouble.textContent = "";
    const weekly = editor.send();
    const path = `/doctors/${doctor.id}/working-hours`;
    const since = effectiveFrom === null ? text("allDates") : dateText(effectiveFrom, "numbers");
    isSaving = true;
    try {
      const saved = await changeKnowingly({
        title: text("saveQuestion"),
        go: text("saveHours"),
        asks: false,
        ofMany: false,
        send: (how) => sendSeen((tag) => change("PUT", `${path}${how}`, { effectiveFrom, weekly }, tag)),
      });
      if (saved === null) return;
      know(await readVersions());
      begin(versions.find((version) => version.effectiveFrom === effectiveFrom) ?? null, effectiveFrom);
      say(outcome(text("hoursSaved", { since }), saved.kept));
      focusKey(form, "save");
    } catch (error) {
      refused(error);
    } finally {
      isSaving = false;
      if (isMissed) lookAgain().catch(() => {});
    }
  }

  /**
   * Sends a change of what was seen. Where only something else about the doctor has changed since, it is sent again.
   *
   * @param {(tag: string | null) => Promise<any>} send
   */
  async function sendSeen(send) {
    try {
      return await send(tag);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 412) throw error;
      const seen = await readVersions();
      if (!same(seen.versions)) {
        news.show(seen, seen.versions.find((version) => holdsOn(version, from.get() ?? now())) ?? null);
        throw error;
      }
      ({ tag } = seen);
      return send(tag);
    }
  }

  /** @param {unknown} error */
  function refused(error) {
    // What is there now is shown already.
    if (error instanceof Refused && error.status === 412) return;
    const wrong = wrongFields(error);
    if (editor.refuse(wrong)) {
      trouble.textContent = text("mendThese");
      return;
    }
    const why = wrong.get("effectiveFrom");
    if (why !== undefined) return from.refuse(why);
    trouble.textContent = inWords(error);
  }

  /** @param {Version} version */
  async function removeVersion(version) {
    if (doctor === null) return;
    const path = `/doctors/${doctor.id}/working-hours/versions/${version.effectiveFrom}`;
    isSaving = true;
    try {
      const removed = await changeKnowingly({
        title: text("removeVersionQuestion", { version: versionText(version) }),
        go: text("removeVersion"),
        asks: true,
        ofMany: false,
        send: (how) => sendSeen((tag) => change("DELETE", `${path}${how}`, undefined, tag)),
      });
      if (removed === null) return;
      say(outcome(text("versionRemoved"), removed.kept));
      know(await readVersions());
      if (!isDirty()) beginNow();
      head.title.focus();
    } catch (error) {
      if (!(error instanceof Refused && error.status === 412)) trouble.textContent = inWords(error);
    } finally {
      isSaving = false;
      if (isMissed) lookAgain().catch(() => {});
    }
  }

  /** What others have saved replaces what was drawn. */
  function takeOver() {
    const seen = news.seen();
    if (seen === null) return;
    know(seen);
    beginNow();
    head.title.focus();
  }

  /** What was drawn stays, and replaces what others have saved once it is saved. */
  function keepDrawn() {
    const seen = news.seen();
    if (seen === null) return;
    know(seen);
    base = null;
    news.hide();
    mark();
    focusKey(form, "save");
  }

  /** Somebody has changed something. */
  async function lookAgain() {
    isMissed = isSaving;
    if (doctor === null || isSaving) return;
    const id = doctor.id;
    const seen = await readVersions();
    isMissed = isSaving;
    if (id !== doctor?.id || isSaving) return;
    if (same(seen.versions)) {
      ({ tag } = seen);
      return;
    }
    // The zone, and how long slots are, are the doctor's, and come with the hours.
    doctor = await head.again();
    if (id !== doctor.id || isSaving) return;
    if (isDirty() || editor.isBusy()) {
      news.show(seen, seen.versions.find((version) => holdsOn(version, from.get() ?? now())) ?? null);
    } else {
      know(seen);
      beginNow();
      say(text("hoursChanged"));
    }
  }

  onSubmit(form, save);

  return {
    title: head.title,
    show(params) {
      work.run(
        async (signal) => {
          const whose = await head.doctor(params);
          if (signal.aborted) return;
          if (whose === null) return body.replaceChildren(el("p", {}, text("noDoctors")));
          // The way back to where one is.
          if (whose.id === doctor?.id && body.contains(form)) return;
          doctor = whose;
          const seen = await readVersions();
          if (signal.aborted) return;
          ({ versions, tag } = seen);
          body.replaceChildren(form, others);
          beginNow();
        },
        (message) => body.replaceChildren(message),
      );
    },
    update({ all, doctors }) {
      if (doctor !== null && (all || doctors.has(doctor.id))) lookAgain().catch(() => {});
    },
    stop() {
      editor.end();
      work.stop();
    },
    unsaved: {
      wouldLose: (to) => {
        const isHere = to?.name === "hours" && [null, doctor?.id].includes(to.params.get("doctor"));
        return !isHere && body.contains(form) && isDirty();
      },
      stay: head.stay,
      discard: () => (base = editor.json()),
    },
  };
}
