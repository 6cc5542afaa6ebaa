// @ts-check
//
// Makes elements, and keeps the focus where it was while they are made anew. What comes from elsewhere is always text.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @typedef {object} Own What an element has besides its attributes.
 * @property {string} [class]
 * @property {Record<string, (event: any) => void>} [on] what is done when something happens
 */

/**
 * An element. Attributes that are false, null or undefined are left out; those that are true have no value.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Own & Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, act] of Object.entries(value)) element.addEventListener(event, /** @type {any} */ (act));
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(.../** @type {(Node | string)[]} */ (children.flat().filter(isThere)));
  return element;
}

/** @param {Child} child */
const isThere = (child) => child !== null && child !== undefined && child !== false;

/**
 * The element of the page with this id.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/**
 * A text that is only heard.
 *
 * @param {string} said
 */
export const heard = (said) => el("span", { class: "heard" }, said);

/**
 * Puts other children into an element. Whatever had the focus, by its `data-key`, has it again; and it stays scrolled where
 * it was.
 *
 * @param {HTMLElement} parent
 * @param {...Child} children
 */
export function refill(parent, ...children) {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && parent.contains(focused) ? focused.dataset.key : undefined;
  const scrolled = parent.querySelector("[data-scrolls]");
  const [left, top] = scrolled ? [scrolled.scrollLeft, scrolled.scrollTop] : [0, 0];
  parent.replaceChildren(.../** @type {Node[]} */ (children.filter(isThere)));
  const scrolls = parent.querySelector("[data-scrolls]");
  if (scrolls) scrolls.scrollTo(left, top);
  if (key !== undefined) focusKey(parent, key);
}

/**
 * Focuses what has this `data-key`, if it is there.
 *
 * @param {ParentNode} parent
 * @param {string} key
 */
export function focusKey(parent, key) {
  const again = parent.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!(again instanceof HTMLElement)) return false;
  again.focus();
  return true;
}

let labels = 0;

/**
 * A field with its label, and with a hint where one helps.
 *
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} field
 * @param {string} [hint]
 */
export function labelled(label, field, hint) {
  labels += 1;
  if (!field.id) field.id = `field-${labels}`;
  const told = hint ? el("p", { class: "hint", id: `${field.id}-hint` }, hint) : null;
  if (told) field.setAttribute("aria-describedby", told.id);
  return el("div", { class: "field" }, el("label", { for: field.id }, label), field, told);
}

/**
 * A select of these values.
 *
 * @param {[value: string, name: string][]} choices
 * @param {string} chosen
 * @param {Own & Record<string, any>} [attributes]
 */
export function choice(choices, chosen, attributes = {}) {
  const options = choices.map(([value, name]) => el("option", { value, selected: value === chosen }, name));
  return el("select", attributes, options);
}
