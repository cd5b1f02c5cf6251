import type { RunId } from "#domain";
import { MemoryBlobs } from "#store";
import {
  engineSlots,
  type FaultKind,
  planFaults,
  type SimulatedFault,
  stormMs,
  type TimedFault,
  workerSlots,
} from "./fault-plan.ts";
import { Invariants } from "./invariants.ts";
import { Ledger } from "./ledger.ts";
import { Network } from "./network.ts";
import { EngineNode } from "./node.ts";
import { between, pick, type Random, streamOf } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import { SimulatedStore } from "./simulated-store.ts";
import { SimulatedWorker } from "./simulated-worker.ts";
import type { Weakness } from "./weakness.ts";
import { budgetOf } from "./workload.ts";

const runsMax = 3;
const rebootMsMax = 800;

/** Processes, what they share, and people who start, resume, approve and cancel runs, all from one seed. */
export class SimulatedWorld {
  readonly seed: number;
  readonly weakness: Weakness | undefined;
  readonly scheduler = new Scheduler();
  readonly processes = new Map<string, SimulatedProcess>();
  readonly invariants: Invariants;
  readonly network: Network;
  readonly store: SimulatedStore;
  readonly ledger: Ledger;
  /** Faults that really happened. */
  readonly injected = new Map<FaultKind, number>();
  readonly #random: Random;
  /** Results of tasks; content by digest, so that nothing can happen to it. */
  readonly blobs = new MemoryBlobs();
  readonly nodes: EngineNode[] = [];
  readonly #workers: SimulatedWorker[] = [];
  #lives = 0;
  #calm = false;
  #generosity = 1;

  constructor(seed: number, faults: readonly SimulatedFault[] = planFaults(seed), weakness?: Weakness) {
    this.seed = seed;
    this.weakness = weakness;
    this.#random = streamOf(seed, "people");
    this.invariants = new Invariants(this.processes, () => this.store.entries());
    this.store = new SimulatedStore(this.scheduler, streamOf(seed, "store"), this.invariants, weakness);
    this.network = new Network(this.scheduler, seed, faults, (kind) => this.#count(kind));
    this.ledger = new Ledger(this.network, (error) => this.invariants.fail(error), weakness);
    for (let slot = 0; slot < engineSlots + workerSlots; slot++) this.#boot(slot);
    for (const fault of faults) {
      if ("atMs" in fault)
        this.scheduler.after(fault.atMs, `fault: ${fault.kind} ${fault.slot}`, () => this.#inject(fault));
    }
    this.scheduler.after(stormMs + 2_600, "calm", () => this.#becomeCalm());
    this.#people();
  }

  unfinished(): RunId[] {
    return this.store.runs().flatMap(({ run }) => (this.store.eventsOf(run).at(-1)?.type === "result" ? [] : [run]));
  }

  /** Nothing is left to do, and nothing will happen to it. */
  get over(): boolean {
    return this.#calm && this.store.runs().length > 0 && this.unfinished().length === 0;
  }

  #people(): void {
    this.scheduler.after(between(this.#random, 40, 400), "people", () => {
      this.#act();
      this.#people();
    });
  }

  #act(): void {
    const random = this.#random;
    const node = pick(random, this.nodes);
    const dice = random();
    const runs = this.store.runs().filter(({ run }) => this.store.parentOf(run) === undefined).length;
    if (!node.process.alive) return;
    const unfinished = this.unfinished();
    if (runs === 0 || (runs < runsMax && dice < 0.5 && !this.#calm)) node.start(budgetOf(1));
    else if (unfinished.length > 0) this.#care(node, pick(random, unfinished), dice);
  }

  #care(node: EngineNode, found: RunId, dice: number): void {
    const parent = this.store.parentOf(found);
    const run = parent ?? found;
    // Whoever cancelled the whole died before its part was.
    if (parent !== undefined && this.store.eventsOf(parent).at(-1)?.type === "result") {
      node.cancel(parent);
      return;
    }
    if (dice < 0.25) {
      node.signal(run);
      return;
    }
    if (dice < 0.28 && !this.#calm) {
      node.cancel(run);
      return;
    }
    if (this.#calm || dice > 0.9) this.#generosity++;
    node.resume(run, budgetOf(this.#generosity), false);
  }

  #inject({ kind, slot, durationMs }: TimedFault): void {
    const node = pick(this.#random, this.nodes);
    const process = slot < engineSlots ? this.nodes[slot]?.process : this.#workers[slot - engineSlots]?.process;
    if (process === undefined || !process.alive) return;
    this.#count(kind);
    if (kind === "kill") this.#die(process);
    else if (kind === "stall") process.stall(durationMs);
    else if (kind === "partition") this.#partition(process, durationMs);
    else if (kind === "power-loss") this.#losePower();
    else if (kind === "store-kill") this.store.doom();
    else if (kind === "disk-full") this.store.fillDisk(durationMs);
    else if (node.process.alive)
      for (const run of this.unfinished())
        if (this.store.parentOf(run) === undefined) node.resume(run, budgetOf(++this.#generosity), true);
  }

  #partition(process: SimulatedProcess, durationMs: number): void {
    process.partitioned = true;
    this.scheduler.after(durationMs, `${process.name} is reached again`, () => {
      process.partitioned = false;
    });
  }

  #losePower(): void {
    this.store.losePower();
    for (const { process } of [...this.nodes, ...this.#workers]) this.#die(process);
  }

  #die(process: SimulatedProcess): void {
    if (!process.alive) return;
    process.alive = false;
    const { slot } = process;
    this.scheduler.after(between(this.#random, 50, rebootMsMax), `reboot ${slot}`, () => this.#boot(slot));
  }

  #boot(slot: number): void {
    const process = new SimulatedProcess(`p${slot}.${++this.#lives}`, slot, this.scheduler);
    this.processes.set(process.name, process);
    if (slot < engineSlots) this.nodes[slot] = new EngineNode(process, this);
    else this.#workers[slot - engineSlots] = new SimulatedWorker(process, this);
  }

  #becomeCalm(): void {
    this.#calm = true;
    this.network.calm = true;
  }

  #count(kind: FaultKind): void {
    this.injected.set(kind, (this.injected.get(kind) ?? 0) + 1);
  }
}
