import { type CheckInput, type CheckOutput, checkOutputSchema } from "@assay/sdk";
import { contradictions, type SuiteSeen } from "#domain";
import type { Run } from "#engine";
import type { Blobs } from "#ports";
import { type AttestationDesk, worthOfResult } from "./attestation-desk.ts";

/** One execution of a suite that may be made by a tester. */
export type CheckRequest<T> = {
  /** A key of the run; others are made from it by a suffix. */
  key: string;
  input: CheckInput;
  /** Executes it in this machine's sandbox, as a step of its own: `nth` from 1 names it. */
  here(nth: number): Promise<{ seen: SuiteSeen; result: T }>;
  /** Keeps what a tester reported as evidence that names it, as a step of its own. */
  keep(output: CheckOutput, worker: string): Promise<T>;
  /** Tests that are known to come and go. */
  flaky?: ReadonlySet<string>;
};

/** `worker`: who executed it; absent: this machine. `redone`: what an earlier check's result is instead, for its worker was found wrong. */
export type Checked<T> = { result: T; worker?: string; redone: { key: string; result: T }[] };

/** How long a check may wait for a tester, and take: then it is done here. */
const remoteMsMax = 10 * 60_000;

type Trusted<T> = { request: CheckRequest<T>; worker: string };

/**
 * The checks of one run, made by testers where there are some whose results count, and here otherwise.
 * - A result that does not count is as good as none: the check is made here.
 * - A sample of those that count is made here again. A worker whose report is contradicted by two executions here is revoked, and all that
 *   was taken from it in this run is made again here.
 * One check after the other: what is redone belongs to the checks before.
 */
export class AttestedChecks<T> {
  readonly #run: Run;
  readonly #blobs: Pick<Blobs, "get">;
  readonly #desk: AttestationDesk | undefined;
  #trusted: Trusted<T>[] = [];

  /** Without a desk everything is done here. */
  constructor(run: Run, blobs: Pick<Blobs, "get">, desk: AttestationDesk | undefined) {
    this.#run = run;
    this.#blobs = blobs;
    this.#desk = desk;
  }

  async check(request: CheckRequest<T>): Promise<Checked<T>> {
    const { key, input } = request;
    const desk = this.#desk;
    if (desk === undefined) return await this.#here(request);
    const run = this.#run;
    if (!(await run.step(`${key}.tester`, null, () => desk.hasTester()))) return await this.#here(request);
    const task = `${key}.remote`;
    const work = { kind: "check", role: "tester", input, waitMsMax: remoteMsMax } as const;
    const delegated = await run.delegate(task, work, checkOutputSchema);
    if (delegated.kind === "failed") return await this.#here(request);
    const { value, worker, token } = delegated;
    const brought = { ...delegated, run: run.id, task: delegated.task };
    const worth = await run.step(`${key}.worth`, { worker, token }, () => worthOfResult(desk, this.#blobs, brought));
    switch (worth.kind) {
      case "claim":
        return await this.#here(request);
      case "evidence":
        this.#trusted.push({ request, worker });
        return { result: await request.keep(value, worker), worker, redone: [] };
      case "sampled":
        return await this.#compared(desk, request, value, worker);
    }
  }

  async #here(request: CheckRequest<T>): Promise<Checked<T>> {
    return { result: (await request.here(1)).result, redone: [] };
  }

  async #compared(
    desk: AttestationDesk,
    request: CheckRequest<T>,
    reported: CheckOutput,
    worker: string,
  ): Promise<Checked<T>> {
    const { key, flaky } = request;
    const first = await request.here(1);
    const executions = [first.seen];
    // Once is not enough to hold it against somebody: a test may come and go.
    if (contradictions(reported, executions, flaky).length > 0) executions.push((await request.here(2)).seen);
    const found = contradictions(reported, executions, flaky);
    await this.#run.step(`${key}.compared`, { worker, found }, async () => {
      await desk.registry.count(worker, found.length === 0 ? "agreed" : "differed");
      if (found.length > 0)
        await desk.revoke(worker, `${key} of run ${this.#run.id}: ${found.join("; ")}`.slice(0, 2000));
    });
    return { result: first.result, redone: found.length === 0 ? [] : await this.#redo(worker) };
  }

  async #redo(worker: string): Promise<{ key: string; result: T }[]> {
    const doubtful = this.#trusted.filter((trusted) => trusted.worker === worker);
    this.#trusted = this.#trusted.filter((trusted) => trusted.worker !== worker);
    const redone: { key: string; result: T }[] = [];
    for (const { request } of doubtful) {
      redone.push({ key: request.key, result: (await request.here(1)).result });
    }
    return redone;
  }
}
