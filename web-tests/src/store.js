// @ts-check
//
// Databases with a demo clinic in them: made once for each store, and copied for every test, which takes no time.

import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Program } from "./program.js";
import { fromEnvironment } from "./surroundings.js";

/** @typedef {"sqlite" | "postgres"} StoreName */
/** @typedef {{ url: string, remove: () => Promise<unknown> }} Store */

const SQLITE = "sqlite://";

/** In memory, where there is such a folder: no test waits for a disk that is busy. PostgreSQL of the tests does not, either. */
const FOLDER = existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();

/** @returns {Promise<Store>} */
async function sqlite() {
  const folder = await mkdtemp(path.join(FOLDER, "doctor-booking-web-"));
  const url = `${SQLITE}${path.join(folder, "clinic.db")}`;
  return { url, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * @param {string[]} template
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Store>}
 */
async function postgres(template, env) {
  const database = new Program([fromEnvironment("WEB_TESTS_DATABASE"), ...template], env);
  return { url: await database.firstLine(), remove: () => database.stop() };
}

/**
 * An empty database. PostgreSQL's is on the server that TEST_DATABASE_URL names, or on a throw-away one that is gone with it.
 *
 * @param {StoreName} name
 */
export const empty = (name) => (name === "sqlite" ? sqlite() : postgres([], process.env));

/**
 * A database with everything that is in this one, to which nobody may be connected.
 *
 * @param {StoreName} name
 * @param {string} url
 */
export async function copy(name, url) {
  if (name === "sqlite") {
    const store = await sqlite();
    await copyFile(url.slice(SQLITE.length), store.url.slice(SQLITE.length));
    return store;
  }
  const server = new URL(url);
  const database = server.pathname.slice(1);
  server.pathname = "/postgres";
  return postgres([database], { ...process.env, TEST_DATABASE_URL: process.env.TEST_DATABASE_URL || server.href });
}
