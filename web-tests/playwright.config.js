// @ts-check
import os from "node:os";
import { defineConfig } from "@playwright/test";
import { NOW_ZONE, fromEnvironment } from "./src/surroundings.js";

/** @type {import("@playwright/test").PlaywrightTestConfig<import("./src/test.js").Options>} */
const config = {
  testDir: "tests",
  outputDir: fromEnvironment("WEB_TESTS_OUTPUT"),
  globalSetup: "./src/setup.js",
  reporter: [["list"]],
  // Every test has a service, a database and a browser context of its own.
  fullyParallel: true,
  workers: os.availableParallelism(),
  forbidOnly: Boolean(process.env.CI),
  // On a machine that is busy with other things a browser may take longer than anybody waits. What fails is tried once more,
  // and named as flaky at the end if it passes then: it has a fault, too, but perhaps not the service. What fails twice, fails.
  retries: 1,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: fromEnvironment("CHROMIUM"),
      // Chromium's sandbox does not work for root, and it is only ever shown our own page.
      chromiumSandbox: process.getuid?.() !== 0,
      args: [
        // There is nothing outside: not even a name is looked up.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        // What is kept as a picture does not depend on the screen.
        "--font-render-hinting=none",
        "--force-color-profile=srgb",
      ],
    },
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: NOW_ZONE,
    colorScheme: "light",
    reducedMotion: "reduce",
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "sqlite", use: { store: "sqlite" } },
    // What the guard sees of a browser has nothing to do with the store.
    { name: "postgres", use: { store: "postgres" }, testIgnore: "guard.spec.js" },
  ],
};

export default defineConfig(config);
