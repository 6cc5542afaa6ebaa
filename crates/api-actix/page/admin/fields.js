// @ts-check
//
// The fields of a form that makes or changes something: each knows what the API calls it, what stands in it, how that reads in
// words, and where it is told that it is wrong.

import { el } from "../dom.js";
import { text } from "../texts.js";
import { here } from "../time.js";

/**
 * @typedef {object} Field
 * @property {string} name what the API calls it
 * @property {string} label
 * @property {HTMLElement} element
 * @property {() => unknown} value what stands in it, as the API takes it
 * @property {(value: any) => void} set
 * @property {(value: any) => string} inWords
 * @property {() => void} focus
 * @property {(why: string) => void} fault tells what is wrong with it; nothing: it is right
 */

let fields = 0;

/**
 * What is told below a field, and heard with it.
 *
 * @param {HTMLElement[]} controls
 * @param {string | undefined} hint
 */
function told(controls, hint) {
  fields += 1;
  const below = hint ? el("p", { class: "hint", id: `told-${fields}` }, hint) : null;
  const wrong = el("p", { class: "error", id: `wrong-${fields}` });
  const ids = [wrong.id, below?.id].filter(Boolean).join(" ");
  for (const control of controls) control.setAttribute("aria-describedby", ids);
  return {
    below,
    wrong,
    /** @param {string} why */
    fault(why) {
      wrong.textContent = why;
      for (const control of controls) control.ariaInvalid = String(why !== "");
    },
  };
}

/**
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {string | undefined} hint
 * @param {Node[]} more
 */
function single(label, control, hint, more = []) {
  const { below, wrong, fault } = told([control], hint);
  control.id = `admin-field-${fields}`;
  const element = el("div", { class: "field" }, el("label", { for: control.id }, label), control, more, below, wrong);
  return { element, fault, focus: () => control.focus() };
}

/** @param {unknown} value */
const plain = (value) => (value === null || value === "" ? text("admin-nothing") : String(value));

/**
 * A line of text; it can be one of those that are proposed.
 *
 * @param {string} name
 * @param {string} label
 * @param {{ hint?: string, attributes?: Record<string, any>, proposed?: readonly string[] }} [more]
 * @returns {Field & { propose: (choices: readonly string[]) => void }}
 */
export function textField(name, label, { hint, attributes = {}, proposed = [] } = {}) {
  const list = el("datalist", { id: `proposed-${(fields += 1)}` });
  const control = el("input", { autocomplete: "off", maxlength: 100, list: list.id, ...attributes });
  /** @param {readonly string[]} choices */
  const propose = (choices) => list.replaceChildren(...choices.map((value) => el("option", { value })));
  propose(proposed);
  return {
    name,
    label,
    ...single(label, control, hint, [list]),
    value: () => control.value.trim(),
    set: (value) => (control.value = value ?? ""),
    inWords: plain,
    propose,
  };
}

/**
 * A whole number.
 *
 * @param {string} name
 * @param {string} label
 * @param {{ min: number, max: number, empty: number | null, hint?: string }} more `empty` is meant where nothing stands
 * @returns {Field}
 */
export function numberField(name, label, { min, max, empty, hint }) {
  const control = el("input", { type: "number", inputmode: "numeric", min, max, step: 1, autocomplete: "off" });
  return {
    name,
    label,
    ...single(label, control, hint),
    value() {
      if (control.value === "" && !control.validity.badInput) return empty;
      const number = Number(control.value);
      // What is no whole number is refused along with all else that is wrong, and not before it.
      return Number.isSafeInteger(number) && !control.validity.badInput ? number : NO_NUMBER;
    },
    set: (value) => (control.value = value === null ? "" : String(value)),
    inWords: plain,
  };
}

/** A number that the API takes nowhere. */
export const NO_NUMBER = -1;

/**
 * One of some.
 *
 * @param {string} name
 * @param {string} label
 * @param {[value: string, name: string][]} choices
 * @returns {Field & { control: HTMLSelectElement }}
 */
export function choiceField(name, label, choices) {
  const options = choices.map(([value, shown]) => el("option", { value }, shown));
  const control = el("select", {}, options);
  return {
    name,
    label,
    control,
    ...single(label, control, undefined),
    value: () => control.value || null,
    set: (value) => (control.value = value ?? ""),
    inWords: (value) => choices.find(([one]) => one === value)?.[1] ?? plain(value),
  };
}

/**
 * An instant, on the clock of whoever looks at it; or none.
 *
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @returns {Field}
 */
export function instantField(name, label, hint) {
  const control = el("input", { type: "datetime-local" });
  return {
    name,
    label,
    ...single(label, control, hint),
    value: () => (control.value === "" ? null : new Date(control.value).toISOString()),
    set: () => (control.value = ""),
    inWords: (value) => (value === null ? plain(value) : here(value)),
  };
}

/**
 * All, or some of these; null: all.
 *
 * @param {string} name
 * @param {string} label
 * @param {{ all: string, some: string, groups: { name: string | null, choices: [value: string, name: string][] }[] }} of
 * @returns {Field}
 */
export function someField(name, label, { all, some, groups }) {
  const group = `choice-of-${(fields += 1)}`;
  const everything = el("input", { type: "radio", name: group, checked: true });
  const only = el("input", { type: "radio", name: group });
  const choices = groups.flatMap((one) => one.choices);
  const boxes = new Map(choices.map(([value]) => [value, el("input", { type: "checkbox" })]));
  /** What was set and is not among these choices stays as it is. @type {string[]} */
  let others = [];
  const { wrong, fault } = told([], undefined);
  /** @param {[value: string, name: string]} choice */
  const option = ([value, shown]) => el("label", { class: "option" }, boxes.get(value), shown);
  const listed = el(
    "div",
    { class: "some", hidden: true },
    groups.map((one) =>
      one.name === null
        ? el("div", { class: "boxes" }, one.choices.map(option))
        : el(
            "fieldset",
            { class: "boxes" },
            el("legend", {}, one.name),
            el("div", { class: "boxes" }, one.choices.map(option)),
          ),
    ),
  );
  const reveal = () => (listed.hidden = !only.checked);
  for (const radio of [everything, only]) radio.addEventListener("change", reveal);
  return {
    name,
    label,
    element: el(
      "fieldset",
      { "aria-describedby": wrong.id },
      el("legend", {}, label),
      el("label", { class: "option" }, everything, all),
      el("label", { class: "option" }, only, some),
      listed,
      wrong,
    ),
    value: () =>
      everything.checked
        ? null
        : [...[...boxes].filter(([, box]) => box.checked).map(([value]) => value), ...others].sort(),
    set(/** @type {string[] | null} */ value) {
      everything.checked = value === null;
      only.checked = value !== null;
      for (const [one, box] of boxes) box.checked = value?.includes(one) ?? false;
      others = value?.filter((one) => !boxes.has(one)) ?? [];
      reveal();
    },
    inWords: (/** @type {string[] | null} */ value) =>
      value === null
        ? all
        : choices
            .filter(([one]) => value.includes(one))
            .map(([, shown]) => shown)
            .join(", ") || text("admin-nothing"),
    focus: () => (only.checked && boxes.size > 0 ? [...boxes.values()][0] : everything).focus(),
    fault,
  };
}
