import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import { defaultTenant } from "#ports";
import { type UntilDoneOptions, untilDone } from "../until-done.ts";

type Saving = { controller: AbortController; over: Promise<unknown> };

/** Emergency stops by tenant: in force from the call, written down as soon as that can be done. */
export class StopOrders {
  readonly #options: Omit<UntilDoneOptions, "signal">;
  readonly #reasons = new Map<string, string>();
  readonly #savings = new Map<string, Saving>();

  constructor(options: Omit<UntilDoneOptions, "signal"> = {}) {
    this.#options = options;
  }

  /** Why nothing of a tenant's is executed, if so: the default tenant's stop is everybody's. */
  of(tenant: string): string | undefined {
    return this.#reasons.get(defaultTenant) ?? this.#reasons.get(tenant);
  }

  /** One that was written down before this process began. */
  know(tenant: string, reason: string): void {
    if (!this.#reasons.has(tenant)) this.#reasons.set(tenant, reason);
  }

  /** Is in force when it returns. Gives whether it was written down at the first try; else it is tried again until `lift`. */
  give(tenant: string, reason: string, save: () => Promise<unknown>): Promise<boolean> {
    this.#reasons.set(tenant, reason);
    const before = this.#savings.get(tenant);
    before?.controller.abort();
    const controller = new AbortController();
    const saving = untilDone(save, { ...this.#options, signal: controller.signal });
    this.#savings.set(tenant, { controller, over: Promise.all([before?.over, saving.over]) });
    return saving.first;
  }

  /** Takes it back once `unsave` has done so on the disk; it stays in force where that fails. */
  async lift(tenant: string, unsave: () => Promise<void>): Promise<void> {
    await this.#quiet(tenant);
    await unsave();
    this.#reasons.delete(tenant);
  }

  /** Nothing is tried any more. */
  async close(): Promise<void> {
    for (const tenant of this.#savings.keys()) await this.#quiet(tenant);
  }

  async #quiet(tenant: string): Promise<void> {
    const saving = this.#savings.get(tenant);
    saving?.controller.abort();
    await saving?.over;
    this.#savings.delete(tenant);
  }
}

/** What is refused, and what runs are paused by. */
export function stopFault(reason: string): Fault {
  const remedy = "lift it, and halted runs go on: POST /v1/emergency-stop/lift";
  return fault("stopped", `an emergency stop is in force: ${reason}`, remedy);
}
