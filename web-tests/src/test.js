// @ts-check
//
// What every test of the page begins with:
//
//     import { expect, test } from "../src/test.js";
//
//     test("the front desk sees today", async ({ page, signIn, look }) => {
//       await signIn("front-desk", "/#day");
//       await expect(page.getByRole("heading", { level: 1 })).toHaveText("Monday, 7 January 2030");
//       await look("day");
//     });
//
// A test has a service of its own, with the demo clinic on one of the stores, at 10:15 on 7 January 2030; it runs once for
// each store, and fails when something was seen that the guard forbids.

import { test as base } from "@playwright/test";
import { Clinic } from "./clinic.js";
import { showDraft } from "./draft.js";
import { Guard } from "./guard.js";
import { look } from "./look.js";
import { templateOf } from "./setup.js";
import { copy } from "./store.js";
import { NOW, PAGE_FOLDER } from "./surroundings.js";

export { expect } from "@playwright/test";
export { ROLES } from "./clinic.js";

/** @typedef {import("./clinic.js").Role} Role */
/** @typedef {import("./clinic.js").TokenWithSecret} TokenWithSecret */
/**
 * @typedef {object} Options
 * @property {import("./store.js").StoreName} store on which store the clinic is
 * @property {string[]} serveOptions what the service is started with, such as `--public-availability`
 */
/**
 * @typedef {object} Fixtures
 * @property {Clinic} clinic the running service, and its API
 * @property {Guard} guard what makes tests fail; to be told what one brings about on purpose
 * @property {(role: Role, place?: string, details?: Partial<import("./clinic.js").NewToken>) => Promise<TokenWithSecret>} signIn
 *   opens the page at a place, such as `/#day`, as somebody of a role who is signed in already
 * @property {(name?: string) => Promise<void>} look looks at the view as it stands, light and dark, wide and at 360 pixels: axe
 *   finds no barrier, nobody scrolls sideways, and of a view with a name pictures are kept in `docs/screenshots/` when
 *   UPDATE_SCREENSHOTS is set
 */

/** @type {import("@playwright/test").TestType<import("@playwright/test").PlaywrightTestArgs & import("@playwright/test").PlaywrightTestOptions & Options & Fixtures, import("@playwright/test").PlaywrightWorkerArgs & import("@playwright/test").PlaywrightWorkerOptions>} */
export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<Options & Fixtures, {}, import("@playwright/test").PlaywrightTestArgs & import("@playwright/test").PlaywrightTestOptions, import("@playwright/test").PlaywrightWorkerArgs & import("@playwright/test").PlaywrightWorkerOptions>} */ ({
    store: ["sqlite", { option: true }],
    serveOptions: [[], { option: true }],

    clinic: async ({ store, serveOptions }, use, testInfo) => {
      const database = await copy(store, process.env[templateOf(store)] ?? "");
      try {
        const clinic = await Clinic.start(database.url, serveOptions);
        await use(clinic);
        const failed = testInfo.status !== testInfo.expectedStatus;
        await clinic.stop();
        if (failed) await testInfo.attach("the service's log", { body: clinic.log, contentType: "text/plain" });
      } finally {
        await database.remove();
      }
    },

    baseURL: async ({ clinic }, use) => use(clinic.url),

    guard: [
      async ({ context, clinic }, use) => {
        // As for the service. Timers go on as ever.
        await context.clock.setFixedTime(NOW);
        if (PAGE_FOLDER !== null) await showDraft(context, clinic.url, PAGE_FOLDER);
        const guard = await Guard.watch(context, clinic.url);
        await use(guard);
        if (guard.faults.length > 0) throw new Error(`the guard has seen:\n- ${guard.faults.join("\n- ")}`);
      },
      { auto: true },
    ],

    signIn: async ({ page, clinic }, use) => {
      await use(async (role, place = "/", details) => {
        const created = await clinic.token(role, details);
        const answer = await page.request.post("/api/v1/session", { data: { token: created.token } });
        if (!answer.ok()) throw new Error(`the session is refused: ${answer.status()} ${await answer.text()}`);
        await page.goto(place);
        return created;
      });
    },

    look: async ({ page, store }, use) => {
      // How it looks has nothing to do with the store: once is enough.
      await use(async (name) => {
        if (store === "sqlite") await look(page, name);
      });
    },
  }),
);
