// @ts-check

/** Refusals are what many tests are about; a browser tells of each on its console. */
const REFUSAL = /^Failed to load resource: the server responded with a status of 4\d\d /;

/** Watches everything that a browser context does, for what no test may ever see. */
export class Guard {
  /** @type {string[]} */
  #faults = [];
  /** @type {RegExp[]} */
  #expected = [];

  /**
   * @param {import("@playwright/test").BrowserContext} context
   * @param {string} origin where everything has to come from
   */
  static async watch(context, origin) {
    const guard = new Guard();
    context.on("console", (message) => {
      const kind = message.type();
      if (kind !== "error" && kind !== "warning") return;
      if (!REFUSAL.test(message.text())) guard.#found(`console.${kind}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => guard.#found(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on("request", (request) => {
      const url = new URL(request.url());
      // These two are in the page, not elsewhere.
      const isHere = url.protocol === "data:" || url.protocol === "blob:" || url.origin === origin;
      if (!isHere) guard.#found(`request to elsewhere: ${request.method()} ${request.url()}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 500) guard.#found(`answer: ${response.status()} of ${response.url()}`);
    });
    // Some violations are told to the document only.
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.effectiveDirective} forbids ${event.blockedURI} ${event.sample}`);
      });
    });
    return guard;
  }

  /**
   * Lets pass what a test brings about on purpose: an outage, say.
   *
   * @param {RegExp[]} faults
   */
  expect(...faults) {
    this.#expected.push(...faults);
  }

  /** What was found that nobody expected. */
  get faults() {
    return this.#faults.filter((fault) => !this.#expected.some((expected) => expected.test(fault)));
  }

  /** @param {string} fault */
  #found(fault) {
    this.#faults.push(fault);
  }
}
