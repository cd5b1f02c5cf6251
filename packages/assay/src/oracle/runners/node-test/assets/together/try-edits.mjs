// Runs inside the sandbox, in the screen: has a batch of edits tried by a process that they share; where one of them hangs or ends it,
// another process goes on behind that one.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("./child.mjs", import.meta.url));
const startupMsMax = 20_000;
const batchMsMax = 5000;
const contrastMsMax = 20_000;
/** What an edit may take at first, at least, and by how many times a test that passes: who needs more is tried again with all the time. */
const quickMs = 300;
const quickFactor = 20;

export class EditTrials {
  #job;
  #spare;
  #measured = new Map();

  constructor(job) {
    this.#job = job;
  }

  /** Outcomes by edit; time may be up before some of them are reached. None where edits cannot share a process. */
  async try(batch) {
    const ends = performance.now() + batchMsMax;
    const outcomes = [];
    let left = batch.edits;
    while (left.length > 0 && performance.now() < ends) {
      const batchMs = Math.max(0, ends - performance.now());
      const settled = await this.#once({ ...batch, edits: left, batchMs });
      if (settled.length === 0) break;
      outcomes.push(...settled);
      const done = new Set(outcomes.map(({ id }) => id));
      left = left.filter(({ id }) => !done.has(id));
    }
    return outcomes;
  }

  /** `found`: an input that tells edits apart, or null; `compared`: whether all of them were given inputs. */
  async tellApart(batch) {
    const child = this.#start();
    const token = randomBytes(16).toString("hex");
    const { promise, resolve } = Promise.withResolvers();
    const nothing = { compared: false, found: null };
    const timer = setTimeout(() => resolve(nothing), contrastMsMax);
    const lines = createInterface({ input: child.stdio[3] });
    lines.on("line", (line) => {
      const message = parse(line);
      if (message?.k === token && message.told !== undefined) resolve(message.told);
    });
    lines.once("close", () => resolve(nothing));
    const { root, table, testMsMax } = this.#job;
    child.stdio[3].write(`${JSON.stringify({ ...batch, root, table, token, testMsMax })}\n`);
    return promise.finally(() => {
      clearTimeout(timer);
      lines.removeAllListeners();
      child.kill("SIGKILL");
      child.stdio[3].destroy();
    });
  }

  prepare() {
    this.#spare ??= this.#start();
  }

  #start() {
    const { cwd, flags, env } = this.#job;
    const child = spawn(process.execPath, [...flags, entry], {
      cwd,
      env: { ...process.env, ...env, NODE_TEST_CONTEXT: "assay" },
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    child.on("error", () => {});
    child.stdio[3].on("error", () => {});
    return child;
  }

  #once(batch) {
    const key = batch.file;
    const measured = this.#measured.get(key);
    const { targets } = batch;
    if (measured !== undefined && targets.length > 0 && !targets.some((id) => measured.failing.includes(id))) return [];
    const child = this.#spare?.exitCode === null ? this.#spare : this.#start();
    this.#spare = undefined;
    const token = randomBytes(16).toString("hex");
    const { promise, resolve } = Promise.withResolvers();
    const settled = [];
    let waiting = [];
    let trying;
    let timer;
    const end = (late) => {
      if (trying !== undefined) settled.push({ id: trying, kind: late ? "timed-out" : "failed" });
      // Looking at the unedited project did not come to an end.
      else settled.push(...waiting.map((outcome) => ({ ...outcome, kind: "unsuited" })));
      resolve(settled);
    };
    const limit = () => {
      const { ms = 0 } = this.#measured.get(key) ?? {};
      const quick = batch.fuelFactor === 1 ? Math.max(quickMs, quickFactor * ms) : Number.POSITIVE_INFINITY;
      clearTimeout(timer);
      timer = setTimeout(() => end(true), trying === undefined ? startupMsMax : Math.min(quick, this.#job.testMsMax));
    };
    const take = (message) => {
      if (message.running !== undefined) return;
      if (message.measured !== undefined) this.#measured.set(key, message.measured);
      else if (message.trying !== undefined) trying = message.trying;
      else if (message.clean === undefined) {
        const { id, kind, test, alike } = message;
        waiting.push({ id, kind, ...(test === undefined ? {} : { test }), ...(alike ? { alike } : {}) });
        trying = undefined;
      } else {
        const unclean = (outcome) => (outcome.kind === "passed" ? outcome : { ...outcome, kind: "unsuited" });
        settled.push(...(message.clean ? waiting : waiting.map(unclean)));
        waiting = [];
      }
    };
    const lines = createInterface({ input: child.stdio[3] });
    lines.on("line", (line) => {
      const message = parse(line);
      if (message?.k !== token) return;
      take(message);
      limit();
    });
    lines.once("close", () => end(false));
    limit();
    const { root, table, testMsMax } = this.#job;
    child.stdio[3].write(`${JSON.stringify({ ...batch, measured, root, table, token, testMsMax })}\n`);
    return promise.finally(() => {
      clearTimeout(timer);
      lines.removeAllListeners();
      child.kill("SIGKILL");
      child.stdio[3].destroy();
      this.prepare();
    });
  }
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
