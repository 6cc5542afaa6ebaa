// @ts-check
//
// Where one is: the fragment of the address, such as `#/day?date=2030-01-07`, so that every view can be linked, and the
// browser's own way back works.

/** @typedef {{ view: string, params: URLSearchParams }} Route */

/**
 * @returns {Route | null} null: the address does not say
 */
export function route() {
  const [path, query = ""] = location.hash.slice(1).split("?", 2);
  return path.startsWith("/") && path.length > 1 ? { view: path.slice(1), params: new URLSearchParams(query) } : null;
}

/**
 * The address of a view. What is empty is left out.
 *
 * @param {string} view
 * @param {Record<string, string | null | undefined>} [params]
 */
export function link(view, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value);
  const text = new URLSearchParams(/** @type {[string, string][]} */ (given)).toString();
  return `#/${view}${text === "" ? "" : `?${text}`}`;
}

/**
 * Goes to a view; in place of the one where one is, when what changes is not worth a step back.
 *
 * @param {string} view
 * @param {Record<string, string | null | undefined>} params
 * @param {boolean} [inPlace]
 */
export function go(view, params, inPlace = false) {
  const hash = link(view, params);
  if (hash === location.hash) return;
  if (inPlace) {
    history.replaceState(history.state, "", hash);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = hash;
  }
}
