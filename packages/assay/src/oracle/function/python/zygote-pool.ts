import { FaultError, fault } from "#domain";
import type { FunctionCheck, FunctionObservation, FunctionOracle, Sandbox } from "#ports";
import type { SystemPython } from "../../detect/python/system-python.ts";
import { TurnQueue } from "../turn-queue.ts";
import { conclude } from "./conclude.ts";
import { Zygote } from "./zygote.ts";

/** Checks that one warm interpreter makes before a fresh one takes its place. */
const checksMax = 5_000;

/** Lane A: warm interpreters, one for each worker; each check in fresh namespaces, its tests in another process. */
export class ZygotePool implements FunctionOracle {
  readonly workers: number;
  readonly #sandbox: Sandbox;
  readonly #python: SystemPython;
  readonly #turns: TurnQueue;
  readonly #idle: { zygote: Zygote; checks: number }[] = [];
  readonly #isolation: Zygote["isolation"];

  private constructor(sandbox: Sandbox, python: SystemPython, first: Zygote, workers: number) {
    this.#sandbox = sandbox;
    this.#python = python;
    this.workers = workers;
    this.#turns = new TurnQueue(workers);
    this.#idle.push({ zygote: first, checks: 0 });
    this.#isolation = first.isolation;
  }

  /** `undefined` where namespaces cannot be made inside the sandbox. */
  static async open(sandbox: Sandbox, python: SystemPython, workers: number): Promise<ZygotePool | undefined> {
    const first = await Zygote.open(sandbox, python);
    if (first === undefined) return undefined;
    const pool = new ZygotePool(sandbox, python, first, workers);
    const { outcome } = await pool.check(trial);
    if (outcome.kind === "passed") return pool;
    await pool[Symbol.asyncDispose]();
    return undefined;
  }

  async check(check: FunctionCheck, signal?: AbortSignal): Promise<FunctionObservation> {
    const seen = await this.#turns.take(1, () => this.#once(check), signal);
    if (seen.outcome.kind !== "timed-out" || seen.outcome.by !== "wall") return seen;
    // Others may have kept it from the processor: it is asked again with nobody beside it.
    return await this.#turns.take(this.workers, () => this.#once(check), signal);
  }

  async #once(check: FunctionCheck): Promise<FunctionObservation> {
    const started = performance.now();
    const measured = { level: "out-of-process", isolation: this.#isolation } as const;
    const worker = await this.#takeWorker();
    if (worker === undefined) {
      const none = fault("sandbox-failed", "the warm interpreter does not start", "run `assay doctor`");
      return { ...measured, outcome: { kind: "fault", fault: none }, calls: 0, cpuMs: 0, wallMs: 0 };
    }
    try {
      const told = await worker.zygote.check(check);
      const { calls, cpuMs, wallMs } = told;
      return { ...measured, outcome: conclude(told, check.limits), calls, cpuMs, wallMs };
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      const wallMs = performance.now() - started;
      return { ...measured, outcome: { kind: "fault", fault: error.fault }, calls: 0, cpuMs: 0, wallMs };
    } finally {
      worker.checks += 1;
      if (worker.zygote.dead || worker.checks >= checksMax) await worker.zygote[Symbol.asyncDispose]();
      else this.#idle.push(worker);
    }
  }

  async #takeWorker(): Promise<{ zygote: Zygote; checks: number } | undefined> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const zygote = await Zygote.open(this.#sandbox, this.#python);
    return zygote === undefined ? undefined : { zygote, checks: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.close();
    await Promise.all(this.#idle.splice(0).map(({ zygote }) => zygote[Symbol.asyncDispose]()));
  }
}

/** Shows that the whole of it works here: a function that is called. */
const trial: FunctionCheck = {
  language: "python",
  candidate: "def trial(x):\n    return x + 1\n",
  entryPoint: "trial",
  preamble: "",
  tests: "assert trial(1) == 2\n",
  limits: {
    wallMsMax: 10_000,
    cpuMsMax: 5_000,
    memoryBytesMax: 256 * 1024 * 1024,
    processesMax: 16,
    frameBytesMax: 1024 * 1024,
  },
};
