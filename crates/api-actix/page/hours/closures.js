// @ts-check
//
// The dates on which the whole hospital is closed. Administrators enter and remove them; everybody else sees them.

import { changeKnowingly, keyFor, outcome } from "../affected.js";
import { change, create, newKey, readAll, Refused } from "../ask.js";
import { reading, waiting } from "../board/reading.js";
import { onSubmit } from "../booking/dialog.js";
import { el, heard, labelled, refill } from "../dom.js";
import { typedInto } from "../leave.js";
import { inWords, wrongFields } from "../problems.js";
import { say } from "../say.js";
import { can, whoIsIn } from "../session.js";
import { text } from "../texts.js";
import { dateText, today } from "../time.js";
import { links } from "./frame.js";

/** @typedef {import("../api").components["schemas"]["Closure"]} Closure */
/** @typedef {import("../views.js").View} View */

/**
 * @param {HTMLElement} host
 * @returns {View}
 */
export function closuresView(host) {
  const nav = el("div");
  const title = el("h2", { tabindex: -1 }, text("view-closures"));
  const list = el("div", {}, waiting());
  const work = reading(list);

  const date = el("input", { type: "date", required: true });
  const name = el("input", { required: true, maxlength: 100, autocomplete: "off" });
  const fields = new Map([
    ["date", { field: date, fault: el("p", { class: "error", id: "closure-date-error" }) }],
    ["name", { field: name, fault: el("p", { class: "error", id: "closure-name-error" }) }],
  ]);
  for (const { field, fault } of fields.values()) field.setAttribute("aria-describedby", fault.id);
  const trouble = el("p", { class: "error", role: "alert" });
  /** @param {"date" | "name"} which */
  const faultOf = (which) => /** @type {{ field: HTMLInputElement, fault: HTMLElement }} */ (fields.get(which)).fault;
  const form = el(
    "form",
    { novalidate: true, class: "card entry" },
    el("h3", {}, text("addClosure")),
    el(
      "div",
      { class: "fields" },
      el("div", {}, labelled(text("date"), date), faultOf("date")),
      el("div", {}, labelled(text("closureName"), name), faultOf("name")),
    ),
    trouble,
    el("div", { class: "actions" }, el("button", { type: "submit", "data-key": "save" }, text("addClosure"))),
  );
  const typed = typedInto(form);
  host.replaceChildren(
    nav,
    title,
    el("p", { class: "hint" }, text("closuresHint")),
    .../** @type {Node[]} */ ([can.editClosures() ? form : null, list].filter(Boolean)),
  );

  /** @param {AbortSignal} signal */
  async function readList(signal) {
    const all = /** @type {Closure[]} */ (await readAll("/closures", {}, signal));
    const isToCome = (/** @type {Closure} */ one) => one.date >= today();
    const [coming, past] = [all.filter(isToCome), all.filter((one) => !isToCome(one)).reverse()];
    refill(
      list,
      el("h3", {}, text("closuresToCome")),
      coming.length === 0 ? el("p", {}, text("noClosures")) : el("ul", { class: "entries" }, coming.map(item)),
      past.length === 0
        ? null
        : el("details", {}, el("summary", {}, text("earlierOnes")), el("ul", { class: "entries" }, past.map(item))),
    );
  }

  /** @param {Closure} one */
  const item = (one) =>
    el(
      "li",
      { class: "visit" },
      el("span", { class: "when" }, dateText(one.date)),
      el("span", { class: "who" }, one.name),
      can.editClosures()
        ? el(
            "button",
            { type: "button", class: "plain", "data-key": `remove ${one.id}`, on: { click: () => remove(one) } },
            text("removeEntry"),
            " ",
            heard(`${dateText(one.date)}, ${one.name}`),
          )
        : null,
    );

  /** @param {Closure} one */
  async function remove(one) {
    trouble.textContent = "";
    try {
      const removed = await changeKnowingly({
        title: text("removeClosureQuestion", { name: one.name, date: dateText(one.date) }),
        go: text("removeEntry"),
        asks: true,
        ofMany: true,
        send: (how) => change("DELETE", `/closures/${one.id}${how}`),
      });
      if (removed === null) return;
      say(text("closureRemoved"));
      await readAgain();
      title.focus();
    } catch (error) {
      trouble.textContent = inWords(error);
    }
  }

  /** @param {Map<string, string>} wrong */
  function complain(wrong) {
    for (const [which, { field, fault }] of fields) {
      fault.textContent = wrong.get(which) ?? "";
      field.ariaInvalid = String(wrong.has(which));
    }
    for (const [which, { field }] of fields) if (wrong.has(which)) return field.focus();
  }

  let sent = { body: "", key: "" };
  onSubmit(form, async () => {
    trouble.textContent = "";
    const body = { date: date.value, name: name.value.trim() };
    const missing = new Map();
    if (body.date === "") missing.set("date", text("chooseDate"));
    if (body.name === "") missing.set("name", text("closureNameNeeded"));
    complain(missing);
    if (missing.size > 0) {
      trouble.textContent = text("mendThese");
      return;
    }
    const json = JSON.stringify(body);
    if (json !== sent.body) sent = { body: json, key: newKey() };
    try {
      const added = await changeKnowingly({
        title: text("closureQuestion", { date: dateText(body.date) }),
        go: text("addClosure"),
        asks: false,
        ofMany: true,
        send: (how) => create(`/closures${how}`, body, keyFor(sent.key, how)),
      });
      sent = { body: "", key: "" };
      if (added === null) return;
      say(outcome(text("closureAdded", { date: dateText(body.date) }), added.kept));
      date.value = "";
      name.value = "";
      typed.saved();
      await readAgain();
      date.focus();
    } catch (error) {
      if (error instanceof Refused) sent = { body: "", key: "" };
      const wrong = wrongFields(error);
      complain(wrong);
      trouble.textContent = wrong.size > 0 ? text("mendThese") : inWords(error);
    }
  });

  const readAgain = () => work.run(readList, (message) => refill(list, message));
  return {
    title,
    show(params) {
      if (can.seeHours()) nav.replaceChildren(links("closures", whoIsIn().doctorId ?? params.get("doctor") ?? ""));
      readAgain();
    },
    update({ all }) {
      // They concern no doctor in particular.
      if (all) readAgain();
    },
    stop: work.stop,
    unsaved: typed.unsaved,
  };
}
