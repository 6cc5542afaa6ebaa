// @ts-check
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Runs a program. Ctrl-C in a terminal is for us alone: it would end the shell too early. What libfaketime may leave in the
 * shared memory is removed.
 *
 * @param {string} meanwhile
 */
const supervised = (meanwhile) => `
trap '' INT HUP PIPE
"$@" </dev/null &
exec >&- # so that its standard output ends with the program
${meanwhile}
wait $!
code=$?
rm -f "/dev/shm/faketime_shm_$!" "/dev/shm/sem.faketime_sem_$!"
exit $code
`;

const TO_ITS_END = supervised("");
/** Until we want it to end, or are gone ourselves, however we went. */
const UNTIL_INPUT_ENDS = supervised("read -r the_end_of_input; kill -TERM $! 2>/dev/null");

/** A program that says in its first line where it is, and runs until it is stopped. */
export class Program {
  #child;
  #log = "";
  /** @type {Promise<number | null>} */
  #ended;

  /**
   * @param {string[]} command
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(command, env) {
    const [program = "", ...given] = command;
    this.#child = spawn(program, given, { env, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr.setEncoding("utf8").on("data", (piece) => (this.#log += piece));
    this.#child.stdin.on("error", () => {}); // it has ended before we asked it to
    this.#ended = new Promise((resolve) => {
      this.#child.on("error", (error) => {
        this.#log += error.message;
        resolve(null);
      });
      this.#child.on("close", resolve);
    });
  }

  /**
   * One that does not end by itself when its standard input does.
   *
   * @param {string[]} command
   * @param {NodeJS.ProcessEnv} env
   */
  static supervised(command, env) {
    return new Program(["sh", "-c", UNTIL_INPUT_ENDS, "sh", ...command], env);
  }

  /** What it has written to stderr. */
  get log() {
    return this.#log;
  }

  /** Its first line. */
  async firstLine() {
    const lines = createInterface(this.#child.stdout);
    /** @type {string | undefined} */
    const line = await new Promise((resolve) => lines.once("line", resolve).once("close", () => resolve(undefined)));
    lines.on("line", () => {}); // what it says later is not kept, but it has to be read
    if (line === undefined) {
      await this.stop();
      throw new Error(`it did not start:\n${this.#log}`);
    }
    return line;
  }

  /** Lets it come to its end, and tells its exit code. */
  async stop() {
    this.#child.stdin.end();
    return this.#ended;
  }
}

/**
 * Runs a program to its end, which has to be a good one.
 *
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env
 */
export async function run(command, env) {
  const program = new Program(["sh", "-c", TO_ITS_END, "sh", ...command], env);
  const code = await program.stop();
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${program.log}`);
}
