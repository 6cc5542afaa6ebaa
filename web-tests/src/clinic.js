// @ts-check
import { Program, run } from "./program.js";
import { NOW, fromEnvironment } from "./surroundings.js";

/** @typedef {import("../../crates/api-actix/page/api.d.ts").TokenWithSecret & { token: string }} TokenWithSecret */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").NewToken} NewToken */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").DoctorList} DoctorList */
/** @typedef {import("../../crates/api-actix/page/api.d.ts").PatientList} PatientList */
/** @typedef {NewToken["role"]} Role */

/** Every role that a token can have. */
export const ROLES = /** @type {const} */ (["administrator", "front-desk", "doctor", "patient"]);

const ADMIN_TOKEN = "0123456789abcdef".repeat(4);

/** Nothing of ours but where programs are. */
const ENVIRONMENT = { PATH: process.env.PATH, ADMIN_TOKEN, TZ: "UTC" };

/**
 * The real binary, at another time. That is set for it alone: what starts it would leave traces in the shared memory.
 *
 * @param {string[]} given
 */
const binary = (given) => [
  "env",
  `LD_PRELOAD=${fromEnvironment("WEB_TESTS_CLOCK")}`,
  `FAKETIME=@${NOW.toISOString().slice(0, 19).replace("T", " ")}`,
  // How long something takes is measured as ever, and files are as old as they are.
  "FAKETIME_DONT_FAKE_MONOTONIC=1",
  "NO_FAKE_STAT=1",
  fromEnvironment("WEB_TESTS_BINARY"),
  ...given,
];

/**
 * Fills an empty database with the demo clinic.
 *
 * @param {string} databaseUrl
 */
export const fill = (databaseUrl) => run(binary(["demo", "--database-url", databaseUrl]), ENVIRONMENT);

/** A running service, and what a test arranges by its API, as an administrator. */
export class Clinic {
  #program;

  /**
   * @param {string} url where it is, such as `http://127.0.0.1:40123`
   * @param {Program} program
   */
  constructor(url, program) {
    this.url = url;
    this.#program = program;
  }

  /**
   * Starts the real binary over a database, on a free port.
   *
   * @param {string} databaseUrl
   * @param {string[]} [options] more of what `serve` takes
   */
  static async start(databaseUrl, options = []) {
    const serve = ["serve", "--database-url", databaseUrl, "--listen", "127.0.0.1:0", ...options];
    const program = Program.supervised(binary(serve), ENVIRONMENT);
    const line = await program.firstLine();
    const url = /^listening on (http:\/\/\S+)$/.exec(line)?.[1];
    if (url === undefined) throw new Error(`its first line was ${JSON.stringify(line)}:\n${program.log}`);
    return new Clinic(url, program);
  }

  /** What it has logged. */
  get log() {
    return this.#program.log;
  }

  /** Stops it; it has to end well. Doing so again does no harm. */
  async stop() {
    const code = await this.#program.stop();
    if (code !== 0) throw new Error(`it ended with ${code}:\n${this.log}`);
  }

  /**
   * Asks the API; what is refused fails the test.
   *
   * @param {string} method
   * @param {string} path what comes after `/api/v1`
   * @param {object} [body]
   * @returns {Promise<any>} what it answers; null: nothing
   */
  async ask(method, path, body) {
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };
    const answer = await fetch(`${this.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} is answered ${answer.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  /**
   * Makes a token of a role; that of a doctor or patient is the first one's, unless `details` say whose.
   *
   * @param {Role} role
   * @param {Partial<NewToken>} [details]
   * @returns {Promise<TokenWithSecret>}
   */
  async token(role, details) {
    /** @type {NewToken} */
    const token = { name: `Test of ${role}`, role, ...details };
    if (role === "doctor") token.doctorId ??= (await this.doctors())[0]?.id;
    if (role === "patient") token.patientId ??= (await this.patients())[0]?.id;
    return this.ask("POST", "/tokens", token);
  }

  async doctors() {
    const /** @type {DoctorList} */ { items } = await this.ask("GET", "/doctors?limit=200");
    return items;
  }

  async patients() {
    const /** @type {PatientList} */ { items } = await this.ask("GET", "/patients?limit=200");
    return items;
  }
}
