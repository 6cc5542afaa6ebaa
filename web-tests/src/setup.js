// @ts-check
import { fill } from "./clinic.js";
import { empty } from "./store.js";

/** Makes a demo clinic on each store, of which every test gets a copy. */
export default async function setup() {
  const stores = await Promise.all(
    /** @type {const} */ (["sqlite", "postgres"]).map(async (name) => {
      const store = await empty(name);
      await fill(store.url);
      process.env[templateOf(name)] = store.url;
      return store;
    }),
  );
  return async () => {
    await Promise.all(stores.map((store) => store.remove()));
  };
}

/**
 * The variable that tells those who run the tests where the demo clinic is.
 *
 * @param {import("./store.js").StoreName} name
 */
export const templateOf = (name) => `WEB_TESTS_${name.toUpperCase()}_TEMPLATE`;
