import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import { defaultTenant } from "#ports";
import { type UntilDoneOptions, untilDone } from "../until-done.ts";

/** Writes an order down, behind `turn`: what is taken back on the disk until then is an older one. */
export type SaveStop = (turn: Promise<unknown>) => Promise<unknown>;

/** `over`: whether it was written down, when that is not tried any more. */
type Saving = { first: Promise<boolean>; over: Promise<boolean>; controller: AbortController };

/** `saving`: absent for one that was written down before this process began. */
type Order = { reason: string; save?: SaveStop; saving?: Saving };

/** Emergency stops by tenant: in force from the call, written down as soon as that can be done. */
export class StopOrders {
  readonly #options: Omit<UntilDoneOptions, "signal">;
  readonly #orders = new Map<string, Order>();
  /** By tenant: settles when what was to be lifted is. */
  readonly #lifts = new Map<string, Promise<unknown>>();

  constructor(options: Omit<UntilDoneOptions, "signal"> = {}) {
    this.#options = options;
  }

  /** Why nothing of a tenant's is executed, if so: the default tenant's stop is everybody's. */
  of(tenant: string): string | undefined {
    return (this.#orders.get(defaultTenant) ?? this.#orders.get(tenant))?.reason;
  }

  /** Why this tenant itself is stopped, if so. */
  own(tenant: string): string | undefined {
    return this.#orders.get(tenant)?.reason;
  }

  /** One that was written down before this process began. */
  know(tenant: string, reason: string): void {
    if (!this.#orders.has(tenant)) this.#orders.set(tenant, { reason });
  }

  /** Is in force when it returns. Gives whether it was written down at the first try; else it is tried again until `lift`. */
  give(tenant: string, reason: string, save: SaveStop): Promise<boolean> {
    const before = this.#orders.get(tenant)?.saving;
    before?.controller.abort();
    const saving = this.#save(tenant, save, before);
    this.#orders.set(tenant, { reason, save, saving });
    return saving.first;
  }

  /**
   * Takes back what is in force now, once `unsave` has done so on the disk; where that fails it stays, and is written down if it was
   * not. What is given meanwhile is kept.
   */
  lift(tenant: string, unsave: () => Promise<void>): Promise<void> {
    const order = this.#orders.get(tenant);
    const lifted = this.#turnOf(tenant).then(() => this.#takeBack(tenant, order, unsave));
    this.#lifts.set(
      tenant,
      lifted.catch(() => undefined),
    );
    return lifted;
  }

  /** Nothing is tried any more. */
  async close(): Promise<void> {
    await Promise.all(this.#lifts.values());
    for (const order of this.#orders.values()) await quiet(order);
  }

  async #takeBack(tenant: string, order: Order | undefined, unsave: () => Promise<void>): Promise<void> {
    const isSaved = await quiet(order);
    try {
      await unsave();
    } catch (error) {
      if (order?.save !== undefined && !isSaved && this.#orders.get(tenant) === order)
        order.saving = this.#save(tenant, order.save, undefined, Promise.resolve());
      throw error;
    }
    const now = this.#orders.get(tenant);
    // What this process was not given is older than what it is asked for, also if it was read only now.
    if (now === order || now?.saving === undefined) this.#orders.delete(tenant);
  }

  #save(tenant: string, save: SaveStop, before: Saving | undefined, turn = this.#turnOf(tenant)): Saving {
    const controller = new AbortController();
    const { first, over } = untilDone(() => save(turn), { ...this.#options, signal: controller.signal });
    return { first, over: Promise.all([over, before?.over]).then(([isSaved]) => isSaved), controller };
  }

  #turnOf(tenant: string): Promise<unknown> {
    return this.#lifts.get(tenant) ?? Promise.resolve();
  }
}

async function quiet(order: Order | undefined): Promise<boolean> {
  order?.saving?.controller.abort();
  return (await order?.saving?.over) ?? false;
}

/** What is refused, and what runs are paused by. */
export function stopFault(reason: string): Fault {
  const remedy = "lift it, and halted runs go on: POST /v1/emergency-stop/lift";
  return fault("stopped", `an emergency stop is in force: ${reason}`, remedy);
}
