import type { RunEvent } from "@assay/sdk";
import type { RunId } from "#domain";
import { type Clock, JournalQueue, type TaskPen } from "#engine";
import type { Claim, Journal } from "#ports";
import { isTaskEvent, joiningAppends } from "../../src/engine/queue/task-pen.ts";
import { RunWriter } from "../../src/engine/run-writer.ts";
import { Village } from "./engine-parts.ts";

/** The queue that a daemon has, which also tells how many claims wait for a task, and of each that was made. */
export class WatchedQueue extends JournalQueue {
  onClaim: (claim: Claim) => void = () => {};
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  override async claim(...asked: Parameters<JournalQueue["claim"]>): Promise<Claim | undefined> {
    this.#waiting++;
    try {
      const claim = await super.claim(...asked);
      if (claim !== undefined) this.onClaim(claim);
      return claim;
    } finally {
      this.#waiting--;
    }
  }
}

/** A queue that writes to a journal what happens to the tasks of one run, as while that run is executed. */
export async function queueOf(run: RunId, journal: Journal, clock: Clock): Promise<WatchedQueue> {
  const queue = new WatchedQueue({ clock });
  await takeUp(queue, run, journal);
  return queue;
}

/** From here on the run is executed. */
export async function takeUp(queue: WatchedQueue, run: RunId, journal: Journal): Promise<void> {
  queue.lend(run, await penOf(run, journal));
}

async function penOf(run: RunId, journal: Journal): Promise<TaskPen> {
  const events: RunEvent[] = await journal.read(run);
  const lastSeq = events.at(-1)?.seq ?? 0;
  const writer = new RunWriter({
    journal,
    owners: new Village().owner("a"),
    run,
    lastSeq,
    onEvent: (event) => events.push(event),
  });
  let appends = 0;
  return {
    history: (task) => events.filter(isTaskEvent).filter((event) => event.task === task),
    append: joiningAppends((bodies) => writer.append(bodies, `${lastSeq}:${appends++}`)),
  };
}
