import { type Goal, type Result, runEventBodySchema } from "@assay/sdk";
import { z } from "zod";
import { type Budget, type RunId, raise, type Spending, spendingNames } from "#domain";
import type { Delegated, Delegation } from "#ports";
import { executeChild } from "./child-run.ts";
import { delegate } from "./delegate.ts";
import { executeStep } from "./execute-step.ts";
import type { Execution } from "./execution.ts";
import { bodyDigest } from "./history.ts";
import { receiveInTime, receiveSignal } from "./receive-signal.ts";
import type { AllOptions, Answer, EmittedEvent, Reservation, Run, SignalOptions } from "./run.ts";
import { runAll } from "./run-all.ts";
import type { EditableInput } from "./step-input.ts";
import type { Workflow } from "./workflow.ts";

/** The `Run` handle over one execution; `prefix` is that of the task it belongs to. */
export class DurableRun implements Run {
  readonly #execution: Execution;
  readonly #prefix: string;

  constructor(execution: Execution, prefix = "") {
    this.#execution = execution;
    this.#prefix = prefix;
  }

  get id(): RunId {
    return this.#execution.run;
  }

  get abort(): AbortSignal {
    return this.#execution.abort;
  }

  get writesWithin(): string | undefined {
    return this.#execution.writesWithin;
  }

  get budget(): Run["budget"] {
    return this.#execution.budget;
  }

  step<T, I = unknown>(
    key: string,
    input: I | EditableInput<I>,
    fn: (signal: AbortSignal, input: I) => Promise<T> | T,
    schema?: z.ZodType<T>,
  ): Promise<T> {
    return executeStep(this.#execution, { key: this.#key(key), input, fn, schema });
  }

  all<const B extends readonly (() => Promise<unknown>)[]>(branches: B, options?: AllOptions) {
    return runAll(branches, options?.concurrency);
  }

  async task<T>(name: string, fn: (run: Run) => Promise<T>): Promise<T> {
    const key = this.#key(name);
    this.#execution.check();
    this.#execution.claim(key);
    return fn(new DurableRun(this.#execution, `${key}/`));
  }

  idle<T>(wait: () => Promise<T>): Promise<T> {
    return this.#execution.activity.awaitRun(this.abort, wait);
  }

  delegate<T>(key: string, work: Delegation, valueSchema: z.ZodType<T>): Promise<Delegated<T>> {
    return delegate(this.#execution, this.#key(key), work, valueSchema);
  }

  child(key: string, workflow: Workflow, goal: Goal, asked: Partial<Budget> = {}): Promise<Result> {
    return executeChild(this.#execution, { key: this.#key(key), workflow, goal, asked });
  }

  signal<T>(name: string, schema: z.ZodType<T>): Promise<T>;
  signal<T>(name: string, schema: z.ZodType<T>, options: SignalOptions): Promise<Answer<T>>;
  async signal<T>(name: string, schema: z.ZodType<T>, options?: SignalOptions): Promise<T | Answer<T>> {
    const key = this.#key(name);
    if (options === undefined) return receiveSignal(this.#execution, key, schema);
    return receiveInTime(this.#execution, key, schema, options.deadlineMs);
  }

  async sleep(key: string, ms: number): Promise<void> {
    const { clock } = this.#execution;
    const until = await this.step(`sleep:${key}`, { ms }, () => clock.now() + ms, z.number());
    await clock.sleep(until - clock.now(), this.abort);
    this.#execution.check();
  }

  now(key: string): Promise<number> {
    return this.step(`now:${key}`, null, () => this.#execution.clock.now(), z.number());
  }

  async patched(id: string): Promise<boolean> {
    const key = this.#key(`patched:${id}`);
    const { history } = this.#execution;
    if (!history.steps.has(key) && history.replaying) return false;
    return this.step(`patched:${id}`, null, () => true, z.boolean());
  }

  async emit(event: EmittedEvent): Promise<void> {
    this.#execution.check();
    // In the shape it will be read in, or a replay would not know it again.
    const body = runEventBodySchema.parse(JSON.parse(JSON.stringify(event)));
    const digest = bodyDigest(body);
    const occurrence = this.#execution.occurrence(digest);
    if (occurrence < this.#execution.history.emitted(digest)) return;
    await this.#execution.append(body, `emit:${digest}:${occurrence}`);
  }

  async reserve(scope: string, worstCase: Partial<Spending>): Promise<Reservation> {
    const key = this.#key(scope);
    this.#execution.check();
    this.#execution.claim(`reserve:${key}`);
    const { budget, history, root, run } = this.#execution;
    const settled = history.settled.get(key);
    if (settled !== undefined) return { settle: async () => budget.visit(settled.spent) };
    const admission = budget.reserve(key, worstCase);
    if (admission.kind === "refused") {
      raise(
        "budget-exhausted",
        `run ${run}: what is left of the ${spendingNames[admission.dimension]} that it may use does not suffice for ${key}, which may take ${inUnits(admission.dimension, worstCase[admission.dimension] ?? 0)}`,
        `continue with a larger budget: assay resume ${root}`,
      );
    }
    // Before it is asked: a process that dies while it waits must not have spent what nobody knows of.
    if (isPaidFor(worstCase)) {
      const reserved = { requests: worstCase.requests, tokens: worstCase.tokens, costMicroUsd: worstCase.costMicroUsd };
      const body = { type: "budget-reserved" as const, scope: key, reserved: withoutUndefined(reserved) };
      await this.#execution.append(body, `reserve:${key}:${this.#execution.lease}`);
    }
    let settling = false;
    return {
      settle: async (spent) => {
        if (settling) throw new Error(`reservation ${key} is settled twice`);
        settling = true;
        await this.#execution.append(
          { type: "budget-settled", scope: key, reserved: worstCase, spent },
          `settle:${key}`,
        );
        budget.release(key);
        budget.visit(spent);
      },
    };
  }

  #key(key: string): string {
    return this.#prefix + key;
  }
}

function isPaidFor({ requests = 0, tokens = 0, costMicroUsd = 0 }: Partial<Spending>): boolean {
  return requests + tokens + costMicroUsd > 0;
}

function withoutUndefined(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

function inUnits(dimension: keyof Spending, amount: number): string {
  if (dimension === "costMicroUsd") return `$${(amount / 1e6).toFixed(4)}`;
  return dimension === "wallMs" ? `${Math.ceil(amount / 1000)} s` : String(Math.ceil(amount));
}
