// @ts-check
//
// What is outside of the tests: programs, folders, and what time it is.

/**
 * What time it is when a service starts, for it and for the browser: a Monday at 10:15 at the clinic. Tests that ran by the
 * real date would meet weekends, holidays and nights, and no picture would ever look the same again.
 */
export const NOW = new Date("2030-01-07T09:15:00Z");

/** Where the clinic is, and the browser. */
export const NOW_ZONE = "Europe/Berlin";

/**
 * What `tools/web-tests.sh` sets.
 *
 * @param {"WEB_TESTS_BINARY" | "WEB_TESTS_DATABASE" | "WEB_TESTS_CLOCK" | "WEB_TESTS_OUTPUT" | "CHROMIUM"} name
 */
export function fromEnvironment(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: tools/web-tests.sh does that`);
  return value;
}

/**
 * A folder with the page's files that are to be shown in place of those in the binary, while one works on them; null: the
 * binary's own. `make test-web PAGE=crates/api-actix/page` sets it.
 */
export const PAGE_FOLDER = process.env.WEB_TESTS_PAGE || null;
