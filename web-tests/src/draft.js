// @ts-check
//
// Shows the page as it stands in a folder, in place of the one in the binary: whoever works on it builds nothing in between.

import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

const KINDS = /** @type {Record<string, string>} */ ({ ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" });

/**
 * @param {import("@playwright/test").BrowserContext} context
 * @param {string} origin
 * @param {string} folder
 */
export async function showDraft(context, origin, folder) {
  await context.route(`${origin}/`, async (route) => {
    // With the headers of the real one: its policy counts for what is drafted, too.
    const real = await route.fetch();
    const names = await readdir(folder, { recursive: true });
    const links = names
      .filter((name) => name.endsWith(".js"))
      .map((name) => `<link rel="modulepreload" href="/page/${name}">\n`)
      .join("");
    const page = await readFile(path.join(folder, "index.html"), "utf8");
    const body = page.replace("<!-- modulepreload -->", links).replaceAll('"/page/', '"/page/draft/');
    await route.fulfill({ response: real, body });
  });
  await context.route(`${origin}/page/draft/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice("/page/draft/".length);
    const body = await readFile(path.join(folder, name)).catch(() => null);
    if (body === null) return route.fulfill({ status: 404 });
    return route.fulfill({ body, contentType: `${KINDS[path.extname(name)]}; charset=utf-8` });
  });
}
