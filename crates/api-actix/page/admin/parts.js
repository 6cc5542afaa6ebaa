// @ts-check
//
// The parts of the administration, in the order in which they are offered.

export const PARTS = /** @type {const} */ (["doctors", "visit-types", "tokens", "webhooks", "audit"]);

/** @typedef {typeof PARTS[number]} Part */
