// @ts-check
//
// Asks the API. What is refused becomes a `Refused`, with the problem that was answered; what could not be asked at all, an
// `Unreachable`.

/** @typedef {import("./api").components["schemas"]} Schemas */
/** @typedef {Schemas["Problem"]} Problem */
/** @typedef {Record<string, string | number | null | undefined | string[]>} Query */

/** What the API has refused. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {Partial<Problem>} problem
   */
  constructor(status, problem) {
    super(problem.detail ?? String(status));
    this.status = status;
    this.problem = problem;
    /** @type {string} */
    this.code = problem.code ?? "";
  }
}

/** The API cannot be reached. */
export class Unreachable extends Error {}

/** Told once the API does not know any more who asks. */
export const strangers = new EventTarget();

/** How often something that has a key is sent before it is given up. */
const ATTEMPTS = 3;

/**
 * @param {string} path
 * @param {Query} [query] what is empty is left out
 */
export function address(path, query = {}) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") params.append(name, String(one));
    }
  }
  const text = params.toString();
  return `/api/v1${path}${text === "" ? "" : `?${text}`}`;
}

/**
 * @param {string} url
 * @param {RequestInit} request
 * @param {number} attempts
 * @returns {Promise<Response>}
 */
async function send(url, request, attempts) {
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await fetch(url, { cache: "no-store", redirect: "error", ...request });
    } catch (error) {
      if (request.signal?.aborted) throw error;
      if (left === 0) throw new Unreachable();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<Refused>}
 */
async function refusal(answer) {
  /** @type {Partial<Problem>} */
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === 401) strangers.dispatchEvent(new Event("stranger"));
  return new Refused(answer.status, problem);
}

/**
 * Reads one object or one page.
 *
 * @param {string} path
 * @param {Query} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function read(path, query, signal) {
  const answer = await send(address(path, query), signal ? { signal } : {}, 1);
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

/**
 * Reads one object, and the tag by which a change can say what it was decided on.
 *
 * @param {string} path
 * @returns {Promise<{ value: any, tag: string | null }>}
 */
export async function readTagged(path) {
  const answer = await send(address(path), {}, 1);
  if (!answer.ok) throw await refusal(answer);
  return { value: await answer.json(), tag: answer.headers.get("ETag") };
}

/**
 * Reads all pages of a list.
 *
 * @param {string} path
 * @param {Query} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any[]>}
 */
export async function readAll(path, query, signal) {
  const items = [];
  for (let cursor; ;) {
    const page = await read(path, { limit: 200, ...query, cursor }, signal);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) return items;
  }
}

/** A key by which a request that creates something is known when it has to be sent again. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Creates something, once: where no answer came, it is sent again with the same key.
 *
 * @param {string} path
 * @param {object} body
 * @param {string} [key]
 * @returns {Promise<any>}
 */
export async function create(path, body, key = newKey()) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  for (let left = ATTEMPTS; ; left -= 1) {
    const answer = await send(address(path), { method: "POST", headers, body: JSON.stringify(body) }, ATTEMPTS);
    if (answer.ok) return answer.json();
    const refused = await refusal(answer);
    // The one whose answer was lost is still being worked on: what comes of it is told to whoever asks once more.
    if (refused.code !== "request-in-progress" || left === 0) throw refused;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/**
 * Changes something, as long as it still is what it was decided on.
 *
 * @param {"POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {object} [body]
 * @param {string | null} [tag]
 * @returns {Promise<any>}
 */
export async function change(method, path, body, tag) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (tag) headers["If-Match"] = tag;
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await send(address(path), { method, headers, ...json }, 1);
  if (!answer.ok) throw await refusal(answer);
  return answer.status === 204 ? null : answer.json();
}

/**
 * Gives something back while the page goes away: nobody waits for the answer.
 *
 * @param {string} path
 */
export function giveBack(path) {
  fetch(address(path), { method: "DELETE", keepalive: true }).catch(() => {});
}
