import type { Fault } from "@assay/sdk";
import { type RunId, raise } from "#domain";
import { Admission, type AdmissionLimits, type RunSlot } from "#engine";
import type { Drive, DriveEnd } from "./drive.ts";

export type DrivesOptions = AdmissionLimits & {
  /** How a drive ended; must not throw. */
  onEnd?: (drive: Drive, end: DriveEnd) => void;
};

/** How many ends are remembered; the journal knows the rest. */
const endsKept = 1000;

/** The runs that a daemon drives, and those that wait for it: as many at the same time as it may, tenants in turns. */
export class Drives {
  readonly #admission: Admission;
  readonly #onEnd: (drive: Drive, end: DriveEnd) => void;
  readonly #drives = new Map<RunId, Drive>();
  readonly #underWay = new Map<Drive, Promise<void>>();
  readonly #ends = new Map<RunId, DriveEnd>();
  /** Tells those that come back that they may go on. */
  readonly #returning = new Map<RunId, () => void>();
  #closed = false;

  constructor({ onEnd = () => undefined, ...limits }: DrivesOptions) {
    this.#admission = new Admission(limits);
    this.#onEnd = onEnd;
  }

  get depth(): { queued: number; running: number } {
    return this.#admission.depth();
  }

  /** Takes no more, and halts all. */
  close(cause: Fault): void {
    this.#closed = true;
    this.halt(cause);
  }

  /**
   * At once: what waits is let go without a word in its journal, what goes on stops at its next checkpoint, paused by the cause. Of this
   * tenant, if named.
   */
  halt(cause: Fault, tenant?: string): void {
    const mine = this.all().filter((drive) => tenant === undefined || drive.tenant === tenant);
    // First, or the places of those that stop would be theirs.
    for (const drive of mine) if (drive.state === "queued") this.#forget(drive);
    for (const drive of mine) if (drive.state === "running") drive.interrupt(cause);
  }

  /** Throws `rate-limited` where a further run would find no place. */
  refuseIfFull(): void {
    this.#refuseIfClosed();
    if (this.#admission.isFull) refuseFull(this.depth.queued);
  }

  /**
   * Queues a drive; `promised`: it was taken before, and finds a place whatever the limits say. Faults: `run-locked` for a run that is
   * queued or driven already, `rate-limited` where too many wait, `interrupted` where nothing is taken any more.
   */
  add(drive: Drive, { promised = false } = {}): void {
    this.#refuseIfClosed();
    const { run, tenant } = drive;
    const answer = promised ? this.#admission.readmit(run, tenant) : this.#admission.admit(run, tenant);
    if (answer.kind === "known" || this.#drives.has(run)) refuseDriven(run);
    if (answer.kind === "refused") refuseFull(this.depth.queued);
    this.#ends.delete(run);
    this.#drives.set(run, drive);
    this.#beginNext();
  }

  of(tenant: string, run: RunId): Drive | undefined {
    const drive = this.#drives.get(run);
    return drive?.tenant === tenant ? drive : undefined;
  }

  /** How the last drive of a run ended in this process. Whoever asks has made sure whose run it is. */
  endOf(run: RunId): DriveEnd | undefined {
    return this.#ends.get(run);
  }

  /** The journal says something later. */
  forgetEnd(run: RunId): void {
    this.#ends.delete(run);
  }

  /** One that waits begins at once, so that its journal says that it was interrupted. */
  interrupt(drive: Drive): void {
    drive.interrupt();
    if (drive.state === "queued" && this.#admission.withdraw(drive.run)) this.#begin(drive);
  }

  all(): Drive[] {
    return [...this.#drives.values()];
  }

  /** Settles when nothing is driven any more, of this tenant if named. */
  async settled(tenant?: string): Promise<void> {
    for (;;) {
      const left = [...this.#underWay].filter(([drive]) => tenant === undefined || drive.tenant === tenant);
      if (left.length === 0) return;
      await Promise.all(left.map(([, ended]) => ended));
    }
  }

  #refuseIfClosed(): void {
    if (this.#closed) raise("interrupted", "the daemon is stopping", "start it again with: assay serve");
  }

  #beginNext(): void {
    for (;;) {
      const next = this.#closed ? undefined : this.#admission.next();
      if (next === undefined) return;
      const goOn = this.#returning.get(next.run);
      if (goOn !== undefined) {
        goOn();
        continue;
      }
      const drive = this.#drives.get(next.run);
      if (drive === undefined) throw new Error(`run ${next.run} was admitted and is not known`);
      this.#begin(drive);
    }
  }

  #begin(drive: Drive): void {
    const ended = drive.begin(this.#slotOf(drive)).then((end) => {
      this.#underWay.delete(drive);
      this.#forget(drive);
      this.#remember(drive.run, end);
      drive.over(end);
      this.#onEnd(drive, end);
      this.#beginNext();
    });
    this.#underWay.set(drive, ended);
  }

  /** While the run only waits for workers, others are driven. */
  #slotOf({ run }: Drive): RunSlot {
    return {
      giveBack: () => {
        if (this.#admission.setAside(run)) this.#beginNext();
      },
      takeAgain: (signal) =>
        new Promise((resolve) => {
          // One that was begun out of turn, to be interrupted, never had a place.
          if (signal.aborted || !this.#admission.comeBack(run)) return resolve(!signal.aborted);
          const settle = (granted: boolean) => {
            this.#returning.delete(run);
            signal.removeEventListener("abort", giveUp);
            resolve(granted);
          };
          const giveUp = () => {
            // As many may be set aside already: then it has no place at all, and ends like that.
            if (!this.#admission.setAside(run)) this.#admission.withdraw(run);
            settle(false);
          };
          this.#returning.set(run, () => settle(true));
          signal.addEventListener("abort", giveUp, { once: true });
          this.#beginNext();
        }),
    };
  }

  #forget({ run }: Drive): void {
    this.#drives.delete(run);
    this.#admission.withdraw(run);
    this.#admission.release(run);
  }

  #remember(run: RunId, end: DriveEnd): void {
    const [oldest] = this.#ends.keys();
    if (oldest !== undefined && this.#ends.size >= endsKept) this.#ends.delete(oldest);
    this.#ends.set(run, end);
  }
}

export function refuseDriven(run: RunId): never {
  raise("run-locked", `run ${run} is executed by the daemon already`, `see it with: assay show ${run}`);
}

function refuseFull(queued: number): never {
  raise("rate-limited", `${queued} runs wait already`, "try again when some of them have ended");
}
