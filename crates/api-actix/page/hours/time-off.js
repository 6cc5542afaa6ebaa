// @ts-check
//
// When a doctor is away: for whole days, or from one time to another on the doctor's own clock.

import { changeKnowingly, keyFor, outcome } from "../affected.js";
import { change, create, newKey, readAll, Refused } from "../ask.js";
import { reading, waiting } from "../board/reading.js";
import { onSubmit } from "../booking/dialog.js";
import { el, heard, labelled, refill } from "../dom.js";
import { typedInto } from "../leave.js";
import { inWords, wrongFields } from "../problems.js";
import { say } from "../say.js";
import { text } from "../texts.js";
import { dateText, dayAndTime, plainTime, plusDays, today, wall } from "../time.js";
import { frame } from "./frame.js";
import { wallTime } from "./wall-time.js";

/** @typedef {import("../api").components["schemas"]["TimeOff"]} TimeOff */
/** @typedef {import("../views.js").View} View */
/** @typedef {import("../directory.js").Doctor} Doctor */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function timeOffView(host) {
  const head = frame("time-off");
  const list = el("div", {}, waiting());
  const body = el("div", { hidden: true });
  const work = reading(list);
  /** @type {Doctor | null} */
  let doctor = null;

  const wholeDays = el("input", { type: "checkbox", checked: true });
  const start = wallTime({ date: text("firstDay"), time: text("awayFrom") });
  const end = wallTime({ date: text("lastDay"), time: text("awayUntil") });
  const reason = el("input", { maxlength: 1000, autocomplete: "off" });
  const trouble = el("p", { class: "error", role: "alert" });
  const form = el(
    "form",
    { novalidate: true, class: "card entry" },
    el("h3", {}, text("addTimeOff")),
    el("label", { class: "option" }, wholeDays, text("wholeDays")),
    el("div", { class: "fields" }, start.element, end.element),
    labelled(text("awayReason"), reason, text("optional")),
    trouble,
    el("div", { class: "actions" }, el("button", { type: "submit", "data-key": "save" }, text("addTimeOff"))),
  );
  const typed = typedInto(form, head.stay);
  const showTimes = () => {
    for (const { timeField, complain } of [start, end]) {
      timeField.hidden = wholeDays.checked;
      complain();
    }
    for (const twice of form.querySelectorAll(".wall-time fieldset")) twice.toggleAttribute("hidden", wholeDays.checked);
  };
  wholeDays.addEventListener("change", showTimes);
  start.date.addEventListener("change", () => {
    // Most are away for a day.
    if (end.date.value >= start.date.value) return;
    end.date.value = start.date.value;
    end.offer();
  });
  showTimes();
  body.append(form, el("h3", {}, text("timeOffToCome")), list);
  host.replaceChildren(head.element, body);

  /** @param {AbortSignal} signal */
  async function readList(signal) {
    const { id } = /** @type {Doctor} */ (doctor);
    const all = /** @type {TimeOff[]} */ (await readAll(`/doctors/${id}/time-off`, {}, signal));
    const { timeZone } = /** @type {Doctor} */ (doctor);
    const isToCome = (/** @type {TimeOff} */ one) => Date.parse(one.end) > Date.now();
    const [coming, past] = [all.filter(isToCome), all.filter((one) => !isToCome(one)).reverse()];
    const line = (/** @type {TimeOff} */ one) => item(one, timeZone);
    refill(
      list,
      coming.length === 0 ? el("p", {}, text("noTimeOff")) : el("ul", { class: "entries" }, coming.map(line)),
      past.length === 0
        ? null
        : el("details", {}, el("summary", {}, text("earlierOnes")), el("ul", { class: "entries" }, past.map(line))),
    );
  }

  /**
   * @param {TimeOff} one
   * @param {string} zone
   */
  function item(one, zone) {
    const when = stretchText(one, zone);
    return el(
      "li",
      { class: "visit" },
      el("span", { class: "when" }, when),
      one.reason ? el("span", { class: "who" }, one.reason) : null,
      el(
        "button",
        { type: "button", class: "plain", "data-key": `remove ${one.id}`, on: { click: () => remove(one, when) } },
        text("removeEntry"),
        " ",
        heard(when),
      ),
    );
  }

  /**
   * @param {TimeOff} one
   * @param {string} when
   */
  async function remove({ id }, when) {
    trouble.textContent = "";
    try {
      const removed = await changeKnowingly({
        title: text("removeTimeOffQuestion", { when }),
        go: text("removeEntry"),
        asks: true,
        ofMany: false,
        send: (how) => change("DELETE", `/doctors/${doctor?.id}/time-off/${id}${how}`),
      });
      if (removed === null) return;
      say(text("timeOffRemoved"));
      await readAgain();
      head.title.focus();
    } catch (error) {
      trouble.textContent = inWords(error);
    }
  }

  function clear() {
    for (const field of [start, end]) field.clear();
    reason.value = "";
    trouble.textContent = "";
    typed.saved();
  }

  let sent = { body: "", key: "" };
  onSubmit(form, async () => {
    trouble.textContent = "";
    const from = wholeDays.checked ? start.edgeOfDay("start") : start.instant();
    if (from === null) return;
    const to = wholeDays.checked ? end.edgeOfDay("end") : end.instant();
    if (to === null) return;
    const given = reason.value.trim();
    const body = { start: from, end: to, ...(given ? { reason: given } : {}) };
    // What was sent and not answered is the same when it is sent again.
    const json = JSON.stringify(body);
    if (json !== sent.body) sent = { body: json, key: newKey() };
    try {
      const added = await changeKnowingly({
        title: text("timeOffQuestion"),
        go: text("addTimeOff"),
        asks: false,
        ofMany: false,
        send: (how) => create(`/doctors/${doctor?.id}/time-off${how}`, body, keyFor(sent.key, how)),
      });
      sent = { body: "", key: "" };
      if (added === null) return;
      say(outcome(text("timeOffAdded"), added.kept));
      clear();
      await readAgain();
      start.date.focus();
    } catch (error) {
      if (error instanceof Refused) sent = { body: "", key: "" };
      const wrong = wrongFields(error);
      if (wrong.has("end")) end.complain(text("endsBeforeStart"), end.date);
      else if (wrong.has("start")) start.complain(wrong.get("start"), start.date);
      else trouble.textContent = wrong.get("reason") ?? inWords(error);
    }
  });

  const readAgain = () => work.run(readList, (message) => refill(list, message));

  return {
    title: head.title,
    show(params) {
      work.run(
        async (signal) => {
          const whose = await head.doctor(params);
          if (signal.aborted) return;
          body.hidden = false;
          form.hidden = whose === null;
          if (whose?.id !== doctor?.id) clear();
          doctor = whose;
          if (whose === null) return list.replaceChildren(el("p", {}, text("noDoctors")));
          for (const field of [start, end]) field.hangs(whose.timeZone);
          await readList(signal);
        },
        (message) => {
          body.hidden = false;
          form.hidden = true;
          refill(list, message);
        },
      );
    },
    update({ all, doctors }) {
      if (doctor === null || !(all || doctors.has(doctor.id))) return;
      work.run(
        async (signal) => {
          // The clock may hang elsewhere now.
          const whose = await head.again();
          if (signal.aborted) return;
          doctor = whose;
          for (const field of [start, end]) field.hangs(whose.timeZone);
          await readList(signal);
        },
        (message) => refill(list, message),
      );
    },
    stop: work.stop,
    unsaved: typed.unsaved,
  };
}

/**
 * From when until when, on the doctor's clock; whole days as such.
 *
 * @param {{ start: string, end: string }} stretch
 * @param {string} zone
 */
export function stretchText({ start, end }, zone) {
  const [from, to] = [wall(start), wall(end)];
  const isWhole = [from, to].every(({ hour, minute }) => hour === 0 && minute === 0);
  if (isWhole) {
    const last = plusDays(to.date, -1);
    return from.date === last ? dateText(last) : text("wholeDaysText", { from: dateText(from.date), to: dateText(last) });
  }
  const first = `${dateText(from.date)}, ${plainTime(start, zone)}`;
  return `${first} – ${from.date === to.date ? plainTime(end, zone) : `${dateText(to.date)}, ${plainTime(end, zone)}`}`;
}
