// @ts-check
//
// Single dates on which a doctor works other hours than by the week, or none.

import { changeKnowingly, outcome } from "../affected.js";
import { change, read, readTagged, Refused } from "../ask.js";
import { reading, waiting } from "../board/reading.js";
import { onSubmit } from "../booking/dialog.js";
import { el, focusKey, heard, labelled, refill } from "../dom.js";
import { mayDrop, typedInto } from "../leave.js";
import { inWords, wrongFields } from "../problems.js";
import { say } from "../say.js";
import { text } from "../texts.js";
import { dateText, plusDays, today } from "../time.js";
import { frame } from "./frame.js";
import { faultsOf, showRows } from "./rows.js";
import { dayOf, inOrder, nextRoom, shift, shiftsOf, weekOfWindows, windowText, windowsOf, written } from "./windows.js";

/** @typedef {import("../api").components["schemas"]["Override"]} Override */
/** @typedef {import("../api").components["schemas"]["WorkingHours"]} WorkingHours */
/** @typedef {import("../views.js").View} View */
/** @typedef {import("../directory.js").Doctor} Doctor */
/** @typedef {import("./rows.js").Fault} Fault */
/** @typedef {import("./windows.js").Shift} Shift */

/** How many days are listed at once: as many as can be asked for. */
const DAYS_LISTED = 366;

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function overridesView(host) {
  const head = frame("overrides");
  const list = el("div", {}, waiting());
  const body = el("div", { hidden: true });
  const work = reading(list);
  /** @type {Doctor | null} */
  let doctor = null;
  /** By which the service knows what was seen. @type {string | null} */
  let tag = null;
  /** @type {Override[]} */
  let overrides = [];

  /** @type {Shift[]} */
  let shifts = [];
  /** @type {Map<string, Fault[]>} */
  let faults = new Map();
  /** Whether the windows are somebody's work, and not only those of the week. */
  let isOwn = false;
  const date = el("input", { type: "date", required: true, "aria-describedby": "override-date-error" });
  const dateTrouble = el("p", { class: "error", id: "override-date-error", role: "alert" });
  const usual = el("p", { class: "hint", role: "status" });
  const rows = el("ul", { class: "rows" });
  const trouble = el("p", { class: "error", role: "alert" });
  const closed = el("input", { type: "checkbox" });
  const addButton = el(
    "button",
    { type: "button", class: "plain", "data-key": "add window", on: { click: add } },
    text("addWindow"),
  );
  const windows = el(
    "fieldset",
    {},
    el("legend", {}, text("windowsThen")),
    el("p", { class: "hint", id: "time-hint" }, text("timeHint")),
    rows,
    el("div", { class: "actions" }, addButton),
  );
  const form = el(
    "form",
    { novalidate: true, class: "card entry" },
    el("h3", {}, text("addOverride")),
    labelled(text("date"), date),
    dateTrouble,
    usual,
    el("label", { class: "option" }, closed, text("closedThen")),
    windows,
    trouble,
    el("div", { class: "actions" }, el("button", { type: "submit", "data-key": "save" }, text("saveOverride"))),
  );
  date.setAttribute("aria-describedby", dateTrouble.id);
  const typed = typedInto(form, head.stay);
  const isUnsaved = () => isOwn || typed.unsaved.wouldLose(null);
  const listFrom = el("input", { type: "date" });
  listFrom.addEventListener("change", () => readAgain());
  body.append(
    form,
    el("h3", {}, text("overridesListed")),
    el("div", { class: "dates" }, labelled(text("listedFrom"), listFrom)),
    list,
  );
  host.replaceChildren(head.element, body);

  date.addEventListener("input", () => {
    dateTrouble.textContent = "";
    date.ariaInvalid = "false";
  });
  date.addEventListener("change", propose);
  closed.addEventListener("change", () => (windows.hidden = closed.checked));

  function draw() {
    showRows(rows, {
      label: text("windowsThen"),
      shifts,
      faults,
      changed: () => (isOwn = true),
      remove: (one) => {
        const next = shifts[shifts.indexOf(one) + 1] ?? shifts[shifts.indexOf(one) - 1];
        shifts = shifts.filter((other) => other !== one);
        isOwn = true;
        draw();
        if (next === undefined) addButton.focus();
        else focusKey(rows, `${next.key} remove`);
      },
    });
  }

  function add() {
    const day = dayOf(date.value || today());
    const room = nextRoom({ ...weekOfWindows({}), [day]: shifts }, day);
    if (room === null) return;
    const fresh = shift(written(room.from), written(room.to));
    shifts = [...shifts, fresh];
    isOwn = true;
    draw();
    focusKey(rows, `${fresh.key} start`);
  }

  let asked = 0;

  /** What holds on that date otherwise is where one begins, as long as nothing else was entered. */
  async function propose() {
    const mine = (asked += 1);
    const on = date.value;
    if (on === "" || doctor === null) return;
    const there = overrides.find((one) => one.date === on);
    try {
      const { weekly } = /** @type {WorkingHours} */ (await read(`/doctors/${doctor.id}/working-hours`, { on }));
      if (mine !== asked) return;
      const byWeek = weekly[dayOf(on)] ?? [];
      usual.textContent = text("usually", {
        date: dateText(on),
        windows: byWeek.length === 0 ? text("why-no-working-hours") : byWeek.map(windowText).join(", "),
      });
      if (isOwn) return;
      shifts = shiftsOf(there === undefined ? byWeek : there.windows);
      closed.checked = there?.windows.length === 0;
      windows.hidden = closed.checked;
      faults = new Map();
      draw();
    } catch {
      // It is only a proposal.
      if (mine === asked) usual.textContent = "";
    }
  }

  /** @param {AbortSignal} signal */
  async function readList(signal) {
    const { id, timeZone } = /** @type {Doctor} */ (doctor);
    const from = listFrom.value || today(timeZone);
    // The tag first: whatever changes in between is then found out when something is saved.
    const seen = await readTagged(`/doctors/${id}/working-hours`);
    const { items } = await read(`/doctors/${id}/overrides`, { from, to: plusDays(from, DAYS_LISTED - 1) }, signal);
    if (signal.aborted) return;
    ({ tag } = seen);
    overrides = items;
    refill(
      list,
      overrides.length === 0
        ? el("p", {}, text("noOverrides", { from: dateText(from, "numbers") }))
        : el("ul", { class: "entries" }, overrides.map(item)),
    );
  }

  /** @param {Override} one */
  function item(one) {
    const name = dateText(one.date);
    return el(
      "li",
      { class: "visit" },
      el("span", { class: "when" }, name),
      one.windows.length === 0
        ? el("span", { class: "badge" }, text("closed"))
        : el("span", {}, one.windows.map(windowText).join(", ")),
      el(
        "button",
        { type: "button", class: "plain", "data-key": `change ${one.date}`, on: { click: () => edit(one) } },
        text("changeEntry"),
        " ",
        heard(name),
      ),
      el(
        "button",
        { type: "button", class: "plain", "data-key": `remove ${one.date}`, on: { click: () => remove(one) } },
        text("removeEntry"),
        " ",
        heard(name),
      ),
    );
  }

  /** @param {Override} one */
  async function edit(one) {
    if (isUnsaved() && !(await mayDrop())) return;
    clear();
    isOwn = false;
    date.value = one.date;
    trouble.textContent = "";
    propose();
    date.focus();
  }

  /** @param {Override} one */
  async function remove(one) {
    trouble.textContent = "";
    try {
      const removed = await changeKnowingly({
        title: text("removeOverrideQuestion", { date: dateText(one.date) }),
        go: text("removeEntry"),
        asks: true,
        ofMany: false,
        send: (how) => sendSeen(one.date, (path, tag) => change("DELETE", `${path}${how}`, undefined, tag)),
      });
      if (removed === null) return;
      say(outcome(text("overrideRemoved"), removed.kept));
      await readAgain();
      head.title.focus();
    } catch (error) {
      trouble.textContent = error instanceof Refused && error.status === 412 ? text("overrideChanged") : inWords(error);
    }
  }

  /**
   * Sends a change of a date as it was seen. Where only something else about the doctor has changed since, it is sent again.
   *
   * @param {string} on
   * @param {(path: string, tag: string | null) => Promise<any>} send
   */
  async function sendSeen(on, send) {
    const path = `/doctors/${doctor?.id}/overrides/${on}`;
    const there = () => JSON.stringify(overrides.find((one) => one.date === on));
    const before = there();
    try {
      return await send(path, tag);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 412) throw error;
      await readAgain();
      if (there() !== before) throw error;
      return send(path, tag);
    }
  }

  onSubmit(form, async () => {
    trouble.textContent = "";
    faults = new Map();
    const on = date.value;
    if (on === "") {
      dateTrouble.textContent = text("chooseDate");
      date.ariaInvalid = "true";
      date.focus();
      return;
    }
    const sent = closed.checked ? [] : inOrder(shifts);
    if (!closed.checked && sent.length === 0) {
      trouble.textContent = text("noWindowsThen");
      addButton.focus();
      return;
    }
    const body = { windows: windowsOf(sent) };
    try {
      const saved = await changeKnowingly({
        title: text("overrideQuestion", { date: dateText(on) }),
        go: text("saveOverride"),
        asks: false,
        ofMany: false,
        send: (how) => sendSeen(on, (path, tag) => change("PUT", `${path}${how}`, body, tag)),
      });
      if (saved === null) return;
      say(outcome(text("overrideSaved", { date: dateText(on) }), saved.kept));
      clear();
      await readAgain();
      date.focus();
    } catch (error) {
      refused(error, sent);
    }
  });

  function clear() {
    date.value = "";
    usual.textContent = "";
    shifts = [];
    faults = new Map();
    isOwn = false;
    closed.checked = false;
    windows.hidden = false;
    draw();
    typed.saved();
  }

  /**
   * @param {unknown} error
   * @param {Shift[]} sent
   */
  function refused(error, sent) {
    if (error instanceof Refused && error.status === 412) {
      const there = overrides.find((one) => one.date === date.value);
      const now =
        there === undefined
          ? text("byTheWeek")
          : there.windows.length === 0
            ? text("closed")
            : there.windows.map(windowText).join(", ");
      trouble.textContent = text("overrideMeanwhile", { now });
      return;
    }
    faults = faultsOf(wrongFields(error), (place) => (place === "windows" ? sent : []));
    draw();
    trouble.textContent = faults.size > 0 ? text("mendThese") : inWords(error);
    const first = rows.querySelector('[aria-invalid="true"]');
    if (first instanceof HTMLElement) first.focus();
  }

  const readAgain = () => work.run(readList, (message) => refill(list, message));

  return {
    title: head.title,
    show(params) {
      work.run(
        async (signal) => {
          const whose = await head.doctor(params);
          if (signal.aborted) return;
          const isAnother = whose?.id !== doctor?.id;
          doctor = whose;
          body.hidden = false;
          form.hidden = whose === null;
          if (whose === null) return list.replaceChildren(el("p", {}, text("noDoctors")));
          if (isAnother) {
            clear();
            listFrom.value = today(whose.timeZone);
          }
          await readList(signal);
          const wanted = params.get("date");
          if (wanted !== null && isAnother) {
            date.value = wanted;
            propose();
          }
        },
        (message) => {
          body.hidden = false;
          form.hidden = true;
          refill(list, message);
        },
      );
    },
    update({ all, doctors }) {
      if (doctor !== null && (all || doctors.has(doctor.id))) readAgain();
    },
    stop: work.stop,
    unsaved: { wouldLose: isUnsaved, stay: head.stay, discard: clear },
  };
}
