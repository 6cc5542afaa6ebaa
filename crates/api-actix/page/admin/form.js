// @ts-check
//
// A form over some fields: what is wrong is told at each of them, all at once; and where somebody else was quicker, it says what
// is there now, and keeps what was typed.

import { Refused } from "../ask.js";
import { onSubmit } from "../booking/dialog.js";
import { el } from "../dom.js";
import { inWords, wrongFields } from "../problems.js";
import { text } from "../texts.js";

/** @typedef {import("./fields.js").Field} Field */

/**
 * @typedef {object} Kind
 * @property {Field[]} fields
 * @property {Record<string, unknown>} start what stands in them at first
 * @property {string} act what sends it off
 * @property {() => Promise<void>} save what is refused is told here
 * @property {() => Promise<Record<string, unknown>>} [now] what is there, after somebody else was quicker
 * @property {(HTMLElement | null)[]} [more] what stands below the fields
 */

/** @param {unknown} one @param {unknown} other */
const isSame = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
/** @param {unknown} value what is chosen is in no order */
const sorted = (value) => (Array.isArray(value) ? [...value].sort() : value);

/**
 * @param {Kind} kind
 */
export function recordForm({ fields, start, act, save, now, more = [] }) {
  let base = start;
  for (const field of fields) field.set(start[field.name] ?? null);

  const trouble = el("div", { class: "trouble", role: "alert" });
  const element = el(
    "form",
    { class: "record", novalidate: true },
    trouble,
    fields.map((field) => field.element),
    more,
    el("div", { class: "actions" }, el("button", { type: "submit" }, act)),
  );
  /** @param {string} why */
  function complain(why) {
    trouble.replaceChildren(why === "" ? "" : el("p", { class: "error" }, why));
    if (why !== "") trouble.scrollIntoView({ block: "nearest" });
  }

  /**
   * Shows at their fields what is wrong; false: it is not about any of them.
   *
   * @param {unknown} error
   */
  function mark(error) {
    const wrong = new Map([...wrongFields(error)].map(([pointer, why]) => [pointer.split("/")[0], why]));
    const marked = fields.filter(({ name }) => wrong.has(name));
    for (const field of marked) field.fault(wrong.get(field.name) ?? "");
    if (marked.length === 0) return false;
    complain(text("admin-mend", { count: marked.map(({ label }) => label).join(", ") }));
    marked[0].focus();
    return true;
  }

  /**
   * What nobody has touched becomes what it is now; what was typed stays.
   *
   * @param {Record<string, unknown>} found
   */
  function merge(found) {
    const others = fields.filter(({ name }) => name in base && !isSame(found[name], base[name]));
    for (const field of others) {
      if (isSame(field.value(), base[field.name])) field.set(found[field.name]);
    }
    base = found;
    const lines = others.map((field) =>
      el("li", {}, text("admin-is", { what: field.label, value: field.inWords(found[field.name]) })),
    );
    trouble.replaceChildren(
      el("p", { class: "error" }, text("admin-conflict")),
      lines.length === 0 ? el("p", {}, text("admin-conflict-gone")) : el("ul", {}, lines),
      el("p", {}, text("admin-conflict-next")),
    );
    (others[0] ?? fields[0]).focus();
  }

  onSubmit(element, async () => {
    complain("");
    for (const field of fields) field.fault("");
    try {
      await save();
    } catch (error) {
      if (mark(error)) return;
      if (!(error instanceof Refused && error.status === 412 && now)) return complain(inWords(error));
      try {
        merge(await now());
      } catch (second) {
        complain(inWords(second));
      }
    }
  });

  return {
    element,
    /** All that stands in the fields. @returns {Record<string, any>} */
    all: () => Object.fromEntries(fields.map((field) => [field.name, field.value()])),
    /** What is different from what it was. @returns {Record<string, any>} */
    changes: () =>
      Object.fromEntries(
        fields
          .map((field) => /** @type {const} */ ([field.name, field.value()]))
          .filter(([name, value]) => !isSame(value, base[name])),
      ),
    /** Something is not as it should be, and it is known here. @param {Field} field @param {string} why */
    fault(field, why) {
      field.fault(why);
      field.focus();
    },
  };
}
