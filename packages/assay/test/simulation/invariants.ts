import type { RunEvent } from "@assay/sdk";
import type { RunId } from "#domain";
import type { SimulatedProcess } from "./simulated-process.ts";
import { type Entry, link, type StoreWatcher } from "./simulated-store.ts";
import { type Violation, ViolationError } from "./violation.ts";

type Seen = {
  chain: string;
  events: RunEvent[];
  keys: Set<string>;
  /** Who claimed the run last; while nobody does, who may write. */
  owner?: string;
  executing: boolean;
  tokensMax: number;
  settled: number;
  open: Map<string, number>;
  /** What is set aside for parts that are runs of their own, by scope: what an interruption leaves of it is in their own journals. */
  children: Map<string, number>;
  /** Of which run it is a part, and under which scope. */
  parent?: { run: RunId; scope: string };
  /** By task: the valid token, `over` once a result counted. */
  tasks: Map<string, number | "free" | "over">;
};

/** What may be appended by others than the holder of the newest claim. */
const foreign: readonly RunEvent["type"][] = ["run-started", "lease-claimed", "signal-received", "run-cancelled"];

/** Watches every append as it becomes readable, and what was promised of it. */
export class Invariants implements StoreWatcher {
  readonly #processes: ReadonlyMap<string, SimulatedProcess>;
  readonly #entries: () => readonly Entry[];
  readonly #acknowledged = new Map<RunId, Map<number, string>>();
  #runs = new Map<RunId, Seen>();
  /** `process run`, for takeovers that a person ordered. For good: the claim may be under way for longer than its sender waits. */
  readonly #ordered = new Set<string>();
  violation: Violation | undefined;
  acknowledgements = 0;

  constructor(processes: ReadonlyMap<string, SimulatedProcess>, entries: () => readonly Entry[]) {
    this.#processes = processes;
    this.#entries = entries;
  }

  /** A person has `by` take the run from whoever has it. */
  orders(by: string, run: RunId): void {
    this.#ordered.add(`${by} ${run}`);
  }

  fail(error: ViolationError): void {
    this.violation ??= error.violation;
  }

  committed(entry: Entry): void {
    this.#guard(() => this.#take(entry, true));
  }

  acknowledged(run: RunId, events: readonly RunEvent[]): void {
    this.acknowledgements++;
    const known = this.#acknowledged.get(run) ?? new Map<number, string>();
    this.#acknowledged.set(run, known);
    for (const event of events) known.set(event.seq, JSON.stringify(event));
    this.#guard(() =>
      this.#compare(
        run,
        events.map(({ seq }) => seq),
      ),
    );
  }

  recovered(): void {
    this.#guard(() => {
      this.#runs = new Map();
      for (const entry of this.#entries()) this.#take(entry, false);
      for (const [run, known] of this.#acknowledged) this.#compare(run, [...known.keys()]);
    });
  }

  /** The token of a run's newest claim. */
  tokenOf(run: RunId): number {
    return this.#runs.get(run)?.events.findLast(({ type }) => type === "lease-claimed")?.seq ?? 0;
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof ViolationError)) throw error;
      this.fail(error);
    }
  }

  #compare(run: RunId, seqs: readonly number[]): void {
    const events = this.#runs.get(run)?.events ?? [];
    const known = this.#acknowledged.get(run);
    for (const seq of seqs) {
      if (JSON.stringify(events[seq - 1]) !== known?.get(seq)) {
        throw new ViolationError("an acknowledged event is there, once, in order", `event ${seq} of ${run}`);
      }
    }
  }

  /** `live`: it happens now, so that it can be asked who lives. */
  #take(entry: Entry, live: boolean): void {
    const { run, key } = entry;
    const seen: Seen = this.#runs.get(run) ?? {
      chain: "",
      events: [],
      keys: new Set(),
      executing: false,
      tokensMax: 0,
      settled: 0,
      open: new Map(),
      children: new Map(),
      tasks: new Map(),
    };
    this.#runs.set(run, seen);
    if (seen.keys.has(key)) throw new ViolationError("an idempotency key counts once", `${key} of ${run}`);
    seen.keys.add(key);
    const cancelling = entry.events.some(({ type }) => type === "run-cancelled");
    for (const event of entry.events) {
      if (event.seq !== seen.events.length + 1) {
        throw new ViolationError(
          "an acknowledged event is there, once, in order",
          `${event.seq} follows ${seen.events.length}`,
        );
      }
      if (!foreign.includes(event.type) && !cancelling && entry.by !== seen.owner) {
        const token = this.tokenOf(run);
        throw new ViolationError(
          "only the newest claim writes",
          `${entry.by} appended ${event.type} at ${event.seq} of ${run}, claimed by ${seen.owner} at ${token}`,
        );
      }
      if (event.type === "lease-claimed" && live) this.#checkTakeover(run, event.owner, seen);
      this.#account(run, event, seen);
      this.#checkTask(run, event, seen);
      seen.events.push(event);
      seen.chain = link(seen.chain, event);
    }
    if (seen.chain !== entry.chain) throw new ViolationError("the chain holds", `${run} at ${seen.events.length}`);
  }

  #checkTakeover(run: RunId, by: string, { owner, executing, parent }: Seen): void {
    if (!executing || owner === undefined || owner === by || this.#ordered.has(`${by} ${parent?.run ?? run}`)) return;
    if (this.#processes.get(owner)?.alive) {
      throw new ViolationError("a living owner keeps its run", `${by} took ${run} from ${owner}`);
    }
  }

  #checkTask(run: RunId, event: RunEvent, { tasks }: Seen): void {
    if (event.type !== "task-claimed" && event.type !== "task-released" && event.type !== "task-finished") return;
    const state = tasks.get(event.task) ?? "free";
    const detail = `${event.type} at ${event.seq} of ${run} where ${event.task} is ${state}`;
    if (state === "over") throw new ViolationError("a task's result counts once", detail);
    const held = event.type === "task-claimed" ? "free" : (event.token ?? "free");
    if (state !== held) throw new ViolationError("at most one token of a task is valid", detail);
    if (event.type === "task-claimed") tasks.set(event.task, event.seq);
    else tasks.set(event.task, event.type === "task-finished" ? "over" : "free");
  }

  /** What a part may use is set aside in the whole first. */
  #checkShare(run: RunId, { parent, tokensMax }: Seen): void {
    const share = parent && this.#runs.get(parent.run)?.children.get(parent.scope);
    if (share !== undefined && tokensMax > share) {
      throw new ViolationError(
        "a budget is not passed",
        `${run} may use ${tokensMax} tokens, and its whole has ${share} for it`,
      );
    }
  }

  #account(run: RunId, event: RunEvent, seen: Seen): void {
    switch (event.type) {
      case "run-started":
        seen.tokensMax = event.budget?.tokensMax ?? 0;
        if (event.parent !== undefined)
          seen.parent = { run: event.parent.run as RunId, scope: `child:${event.parent.key}` };
        break;
      case "child-started":
        seen.children.set(`child:${event.key}`, event.budget.tokensMax ?? 0);
        break;
      case "lease-claimed":
        seen.owner = event.owner;
        seen.executing = true;
        seen.tokensMax = event.budget?.tokensMax ?? seen.tokensMax;
        // What an earlier execution left open may have been spent whole.
        for (const tokens of seen.open.values()) seen.settled += tokens;
        seen.open.clear();
        break;
      case "budget-reserved":
        seen.open.set(event.scope, event.reserved.tokens ?? 0);
        break;
      case "budget-settled":
        seen.open.delete(event.scope);
        seen.children.delete(event.scope);
        seen.settled += event.spent.tokens ?? 0;
        break;
      case "run-paused":
      case "run-cancelled":
      case "result":
        seen.executing = false;
        break;
      default:
        return;
    }
    const open = [...seen.open.values(), ...seen.children.values()];
    const used = seen.settled + open.reduce((sum, tokens) => sum + tokens, 0);
    this.#checkShare(run, seen);
    if (used > seen.tokensMax) {
      throw new ViolationError("a budget is not passed", `${run} has used ${used} of ${seen.tokensMax} tokens`);
    }
  }
}
