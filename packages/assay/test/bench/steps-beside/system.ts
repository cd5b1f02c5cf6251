import { createRequire } from "node:module";
import { join } from "node:path";

export const stepsOfTicket = 5;

/** What every step of a ticket gives back. */
export const stepResult = { digest: `sha256:${"a".repeat(64)}`, counts: { collected: 120, passed: 119, failed: 1 } };

/** Does tickets of five saved steps each. */
export interface System extends AsyncDisposable {
  readonly name: string;
  /** Settles when all of them are done and acknowledged, at most `parallel` at a time. */
  tickets(count: number, parallel: number): Promise<void>;
}

/** A module of the rivals' folder, which is no part of this project. */
export function rivalModule<T>(name: string): T {
  const folder = process.env.ASSAY_BENCH_MODULES;
  if (folder === undefined) throw new Error("set ASSAY_BENCH_MODULES to a folder with bullmq and @dbos-inc/dbos-sdk");
  return createRequire(join(folder, "package.json"))(name) as T;
}

/** Calls `work` `count` times, at most `parallel` at a time. */
export async function atOnce(count: number, parallel: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const one = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, one));
}
