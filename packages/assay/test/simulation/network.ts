import { FaultError, fault } from "#domain";
import type { MessageFault, SimulatedFault } from "./fault-plan.ts";
import { streamOf } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

export type Reply<T> = (outcome: { value: T } | { error: unknown }) => void;

/** How long a client waits for its answer. */
const answerMsMax = 1_500;

/**
 * Between processes and what they call. A message takes 1 to 20 ms, and may be dropped, come twice or come late. Who gets no
 * answer within 1,500 ms is told so, and does not know whether it was heard.
 */
export class Network {
  readonly #scheduler: Scheduler;
  readonly #seed: number;
  readonly #faults: ReadonlyMap<number, MessageFault>;
  readonly #happened: (kind: MessageFault["kind"]) => void;
  /** While it is over, messages come through whatever was planned. */
  calm = false;
  #messages = 0;

  constructor(
    scheduler: Scheduler,
    seed: number,
    faults: readonly SimulatedFault[],
    happened: (kind: MessageFault["kind"]) => void,
  ) {
    this.#scheduler = scheduler;
    this.#seed = seed;
    this.#faults = new Map(faults.flatMap((each) => ("message" in each ? [[each.message, each]] : [])));
    this.#happened = happened;
  }

  /** `serve` is called where the request arrives, and gives its answer when it has one; never, if it dies before. */
  call<T>(client: SimulatedProcess, what: string, serve: (reply: Reply<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      let open = true;
      const settle = (act: () => void) => {
        if (!open) return;
        open = false;
        giveUp();
        act();
      };
      const giveUp = client.later(answerMsMax, `${what}: no answer`, () => settle(() => reject(unreachable(what))));
      this.#send(client, `${what} to`, undefined, () =>
        serve((outcome) =>
          this.#send(client, `${what} from`, client, () =>
            settle(() => ("error" in outcome ? reject(outcome.error) : resolve(outcome.value))),
          ),
        ),
      );
    });
  }

  /** `receiver`: the process that it goes to; absent: a server. `end`: the process at either end. */
  #send(end: SimulatedProcess, what: string, receiver: SimulatedProcess | undefined, arrive: () => void): void {
    const message = ++this.#messages;
    const random = streamOf(this.#seed, "message", message);
    const planned = this.calm ? undefined : this.#faults.get(message);
    if (planned !== undefined) this.#happened(planned.kind);
    if (planned?.kind === "drop") return;
    const copies = planned?.kind === "duplicate" ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const late = planned?.kind === "delay" || copy > 0 ? (planned?.delayMs ?? 0) : 0;
      const deliver = () => {
        if (!end.partitioned) arrive();
      };
      const delayMs = 1 + random() * 19 + late;
      const title = `${end.name} ${what} #${message}`;
      if (receiver === undefined) this.#scheduler.after(delayMs, title, deliver);
      else receiver.later(delayMs, title, deliver);
    }
  }
}

function unreachable(what: string): FaultError {
  return new FaultError(fault("daemon-unreachable", `no answer to ${what}`, "try again"));
}
