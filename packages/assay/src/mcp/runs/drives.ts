import type { Fault } from "@assay/sdk";
import { type RunId, raise } from "#domain";
import { Drive, type Go } from "./drive.ts";

/** Works that a server does at the same time: runs, and receipts whose tests run again. */
export const worksMax = 4;
const faultsKept = 100;

/** What a server is doing: at most one run for each project, at most `worksMax` in all. */
export class Drives {
  readonly #drives = new Set<Drive>();
  /** What ended runs before their time: where that could not be written to the journal, it takes them for running still. */
  readonly #faults = new Map<RunId, { fault: Fault; at: number }>();
  readonly #stopping = new AbortController();
  readonly #log: (line: string) => void;
  #otherWorks = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** Fault: `run-locked` when the server has enough to do. */
  begin(root: string, go: Go): Drive {
    this.#refuseIfFull();
    const drive = new Drive(root, go);
    this.#drives.add(drive);
    const conclude = () => {
      this.#drives.delete(drive);
      if (drive.fault === undefined) return;
      if (drive.fault.code === "defect") this.#log(`a defect in ${root}: ${drive.fault.message}`);
      if (drive.run !== undefined) this.#remember(drive.run, drive.fault);
    };
    drive.ended.then(conclude, conclude);
    return drive;
  }

  /** Does what is no run; `signal` ends it when the server stops. Fault: `run-locked`, as of `begin`. */
  async other<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#refuseIfFull();
    this.#otherWorks++;
    try {
      return await work(AbortSignal.any([signal, this.#stopping.signal]));
    } finally {
      this.#otherWorks--;
    }
  }

  /** What drives this run of this project here and now. */
  of(root: string, run: RunId): Drive | undefined {
    return [...this.#drives].find((drive) => drive.root === root && drive.run === run);
  }

  /** What ended a run of this server before its time, if it was last heard of no later than that. */
  faultSince(run: RunId, lastEventAt: number): Fault | undefined {
    const ended = this.#faults.get(run);
    return ended !== undefined && lastEventAt <= ended.at ? ended.fault : undefined;
  }

  /** Interrupts everything, and settles when all of it has come to its checkpoint. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const drive of this.#drives) drive.interrupt();
    await Promise.allSettled([...this.#drives].map(({ ended }) => ended));
  }

  #refuseIfFull(): void {
    if (this.#stopping.signal.aborted) raise("interrupted", "the server is stopping", "start it again");
    if (this.#drives.size + this.#otherWorks >= worksMax) {
      raise("run-locked", `this server does ${worksMax} things already`, "wait for one of them to end, or cancel it");
    }
  }

  #remember(run: RunId, fault: Fault): void {
    const [oldest] = this.#faults.keys();
    if (oldest !== undefined && this.#faults.size >= faultsKept) this.#faults.delete(oldest);
    this.#faults.set(run, { fault, at: Date.now() });
  }
}
