// @ts-check
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** WCAG 2.2, levels A and AA, and everything before it. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const PICTURES = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

/** How every view is looked at; the last one is how the test goes on. */
const LOOKS = /** @type {const} */ ([
  { manner: "360", width: 360, height: 740, colorScheme: "light" },
  { manner: "360-dark", width: 360, height: 740, colorScheme: "dark" },
  { manner: "dark", width: 1280, height: 800, colorScheme: "dark" },
  { manner: "light", width: 1280, height: 800, colorScheme: "light" },
]);
/** Of these, pictures are kept. */
const KEPT = ["light", "dark", "360"];

/**
 * Fails where axe finds a barrier.
 *
 * @param {import("@playwright/test").Page} page
 * @param {string} [where] what the view is called, for whoever reads of it
 */
export async function expectNoBarriers(page, where = page.url()) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (rules) => {
    /** @type {import("axe-core").AxeResults} */
    const results = await /** @type {any} */ (globalThis).axe.run(document, {
      runOnly: { type: "tag", values: rules },
      resultTypes: ["violations"],
    });
    return results.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}\n  ${target.join(" ")}\n  ${failureSummary}`),
    );
  }, RULES);
  expect(violations, `axe finds nothing in ${where}`).toEqual([]);
}

/**
 * Fails where one has to scroll sideways.
 *
 * @param {import("@playwright/test").Page} page
 * @param {string} [where]
 */
export async function expectNoSidewaysScrolling(page, where = page.url()) {
  const sizes = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  expect(sizes.scrollWidth, `${where} is not wider than the window`).toBeLessThanOrEqual(sizes.clientWidth);
}

/**
 * Looks at a view as it stands, light and dark, wide and at 360 pixels: axe finds no barrier, nobody has to scroll
 * sideways, and a picture can be taken, which is kept as `docs/screenshots/NAME-MANNER.png` when UPDATE_SCREENSHOTS is set.
 *
 * @param {import("@playwright/test").Page} page
 * @param {string | undefined} name undefined: no picture is ever kept
 */
export async function look(page, name) {
  for (const { manner, width, height, colorScheme } of LOOKS) {
    const where = `${name ?? "a view"}-${manner}`;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await expectNoSidewaysScrolling(page, where);
    await expectNoBarriers(page, where);
    const isKept = name !== undefined && KEPT.includes(manner) && Boolean(process.env.UPDATE_SCREENSHOTS);
    const path = isKept ? `${PICTURES}${where}.png` : undefined;
    const picture = await page.screenshot({ path, animations: "disabled", caret: "hide", scale: "css" });
    expect(picture.length, `the picture ${where} shows something`).toBeGreaterThan(1000);
  }
}
