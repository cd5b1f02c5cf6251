import type { RunEvent } from "@assay/sdk";
import { BoundedLabel } from "./bounded-label.ts";
import type { Instruments } from "./instruments.ts";

/** Runs and tasks in progress that are kept in mind; what is over it is not timed. */
const openMax = 10_000;

/** Turns a run's events into counts. Labels that others choose are bounded; the rest are enumerations. */
export class EventCounts {
  readonly #to: Instruments;
  readonly #workflows = new BoundedLabel(30);
  readonly #steps = new BoundedLabel(150);
  readonly #models = new BoundedLabel(50);
  readonly #proposers = new BoundedLabel(50);
  /** By run: when it began, and what models have cost in it. */
  readonly #runs = new Map<string, { atMs: number; usd: number }>();
  /** By run and task. */
  readonly #tasks = new Map<string, { atMs: number; kind: string }>();

  constructor(instruments: Instruments) {
    this.#to = instruments;
  }

  add(event: RunEvent): void {
    switch (event.type) {
      case "run-started":
        this.#to.runsStarted.inc({ workflow: this.#workflows.of(event.workflow) });
        remember(this.#runs, event.runId ?? "", { atMs: event.at, usd: 0 });
        return;
      case "run-paused":
        this.#to.runsPaused.inc({ fault: event.fault.code });
        return;
      case "result":
        this.#result(event);
        return;
      case "step-finished":
        this.#to.steps.observe({ step: this.#steps.of(stepKind(event.key)) }, event.durationMs / 1000);
        return;
      case "verdict-reached":
        this.#to.verdicts.inc({ kind: event.verdict.kind, level: event.verdict.level });
        return;
      case "evidence-recorded":
        this.#to.executions.observe({ purpose: event.evidence.purpose }, event.evidence.durationMs / 1000);
        return;
      case "candidates-tried":
        this.#to.candidates.inc({ proposer: this.#proposers.of(event.proposer) }, Math.max(0, event.tried));
        return;
      case "candidate-proposed":
        this.#to.outputBytes.observe({ proposer: event.provenance.proposer }, Buffer.byteLength(event.diff));
        return;
      case "model-asked":
        this.#modelAsked(event);
        return;
      case "agent-asked":
        this.#to.agentTasks.inc({ kind: "session" });
        return;
      case "violation-found":
        this.#to.violations.inc({ kind: event.kind });
        return;
      case "task-queued":
        remember(this.#tasks, `${event.runId} ${event.task}`, { atMs: event.at, kind: event.kind });
        return;
      case "task-released":
        this.#to.agentTasks.inc({ kind: this.#kindOf(event) });
        this.#to.agentErrors.inc({ kind: this.#kindOf(event), reason: event.reason });
        return;
      case "task-finished":
        this.#taskFinished(event);
        return;
      default:
        return;
    }
  }

  #result(event: Extract<RunEvent, { type: "result" }>): void {
    const run = event.runId ?? "";
    // The name of a run begins with its workflow's: so it is known also of one that began before this process.
    const workflow = this.#workflows.of(run.slice(0, run.lastIndexOf("-")) || "unknown");
    this.#to.runs.inc({ workflow, outcome: event.outcome });
    const begun = this.#runs.get(run);
    if (begun === undefined) return;
    this.#runs.delete(run);
    this.#to.runSeconds.observe({ workflow }, Math.max(0, event.at - begun.atMs) / 1000);
    this.#to.costPerTask.observe({ workflow }, begun.usd);
  }

  #modelAsked(event: Extract<RunEvent, { type: "model-asked" }>): void {
    const model = this.#models.of(event.model);
    const usd = event.costMicroUsd / 1e6;
    this.#to.modelCalls.inc({ model, end: event.end });
    this.#to.modelSeconds.observe({ model }, event.wallMs / 1000);
    this.#to.tokens.inc({ model, direction: "input" }, event.inputTokens);
    this.#to.tokens.inc({ model, direction: "output" }, event.outputTokens);
    this.#to.cost.inc({ model }, usd);
    const begun = this.#runs.get(event.runId ?? "");
    if (begun !== undefined) begun.usd += usd;
  }

  #taskFinished(event: Extract<RunEvent, { type: "task-finished" }>): void {
    const kind = this.#kindOf(event);
    const queued = this.#tasks.get(`${event.runId} ${event.task}`);
    this.#tasks.delete(`${event.runId} ${event.task}`);
    const { outcome } = event;
    if (outcome === "done") this.#to.tasksCompleted.inc();
    if (event.worker !== undefined) this.#to.agentTasks.inc({ kind });
    if (event.worker !== undefined && outcome === "failed") this.#to.agentErrors.inc({ kind, reason: "result" });
    if (queued !== undefined) {
      this.#to.taskSeconds.observe({ kind, outcome }, Math.max(0, event.at - queued.atMs) / 1000);
    }
  }

  #kindOf({ runId, task }: { runId?: string | undefined; task: string }): string {
    return this.#tasks.get(`${runId} ${task}`)?.kind ?? "unknown";
  }
}

/** `check-c12/2` is a step of the kind `check`: what is numbered differs from run to run. */
export function stepKind(key: string): string {
  const [kind = ""] = key.split(/[/:#@]/, 1);
  const words = kind.split(/[-_.]/).filter((word) => word !== "" && !/\d/.test(word));
  return words.slice(0, 3).join("-") || "numbered";
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size < openMax) map.set(key, value);
}
