// @ts-check
//
// The guard sees what it is there for: every test here brings about something that would make another one fail.

import { expect, test } from "../src/test.js";

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

/** @type {[what: string, fault: RegExp, cause: () => unknown][]} */
const FORBIDDEN = [
  ["an error on the console", /^console\.error: no \(/, () => console.error("no")],
  ["a warning on the console", /^console\.warning: no \(/, () => console.warn("no")],
  [
    "an error that nobody catches",
    /^uncaught: Error: no/,
    () => {
      addEventListener("fault", () => {
        throw new Error("no");
      });
      dispatchEvent(new Event("fault"));
    },
  ],
  ["a promise that nobody catches", /^uncaught: Error: no/, () => void Promise.reject(new Error("no"))],
  [
    "a request to elsewhere",
    /^console\.error: policy: connect-src forbids http:\/\/elsewhere\.example\//,
    () => fetch("http://elsewhere.example/").catch(() => {}),
  ],
  [
    "an image from elsewhere",
    /^console\.error: policy: img-src forbids http:\/\/elsewhere\.example\//,
    () => void (new Image().src = "http://elsewhere.example/"),
  ],
  [
    "a style that is written in",
    /^console\.error: policy: style-src-attr forbids inline/,
    () => document.body.setAttribute("style", "color: red"),
  ],
  [
    "a script that is written in",
    /^console\.error: policy: script-src-elem forbids inline/,
    () => document.head.append(Object.assign(document.createElement("script"), { text: "1" })),
  ],
  [
    "a page from elsewhere",
    /^request to elsewhere: GET http:\/\/elsewhere\.example\//,
    () => void (location.href = "http://elsewhere.example/"),
  ],
];
for (const [what, fault, cause] of FORBIDDEN) {
  test(`${what} is seen`, async ({ page, guard }) => {
    await page.evaluate(`(${cause})()`);
    await expect.poll(() => guard.faults).toContainEqual(expect.stringMatching(fault));
    guard.expect(/./);
  });
}

test("an answer that tells of a fault of the service is seen", async ({ page, guard }) => {
  await page.route("**/api/v1/me", (route) => route.fulfill({ status: 503, body: "{}" }));
  await page.reload();
  const error = page.getByRole("alert").filter({ visible: true });
  await expect(error).toHaveText("The service cannot answer at the moment. Please try again soon.");
  expect(guard.faults).toContainEqual(expect.stringMatching(/^answer: 503 of .*\/api\/v1\/me$/));
  guard.expect(/503/);
});
