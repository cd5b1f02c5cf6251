import type { RunId } from "#domain";
import { type Clock, JournalQueue } from "#engine";
import type { TaskResult } from "#ports";

/** A queue that takes a result from whoever brings one: it does not compare the token with the one that is valid. */
export class CarelessQueue extends JournalQueue {
  readonly #workers: () => Iterable<string>;

  constructor(clock: Clock, workers: () => Iterable<string>) {
    super({ clock });
    this.#workers = workers;
  }

  override finish(run: RunId, task: string, token: number, result: TaskResult): Promise<"finished" | "refused"> {
    const claims = [...this.#workers()].flatMap((worker) => this.claimsOf(worker));
    const held = claims.find(({ offer }) => offer.run === run && offer.task === task);
    return super.finish(run, task, held?.token ?? token, result);
  }
}
