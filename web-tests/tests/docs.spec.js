// @ts-check
//
// The pages beside the page: the browser of the API, and what explains a problem.

import { NOW } from "../src/surroundings.js";
import { expect, test } from "../src/test.js";

test("the API can be browsed and tried, with nothing from elsewhere", async ({ page, signIn }) => {
  // Swagger UI waits by the clock for a moment's rest, so it has to go on.
  await page.clock.setSystemTime(NOW);
  await signIn("administrator", "/docs/");
  await expect(page.getByRole("heading", { name: /Doctor booking/ })).toBeVisible();
  const operation = page.locator(".opblock", { hasText: "/api/v1/me" }).first();
  await operation.getByRole("button", { expanded: false }).first().click();
  await operation.getByRole("button", { name: "Execute" }).click();
  await expect(operation.locator(".live-responses-table tr.response .response-col_status").first()).toContainText("200");
  await expect(operation.locator(".live-responses-table")).toContainText("administrator");
});

test("a problem is explained", async ({ page, look }) => {
  await page.goto("/problems/slot-taken");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The slot is taken");
  await look();
  await page.goto("/problems");
  await expect(page.getByRole("link", { name: "slot-taken" })).toBeVisible();
  await look();
});
