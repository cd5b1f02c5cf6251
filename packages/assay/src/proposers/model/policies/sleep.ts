import { setTimeout } from "node:timers/promises";
import { raise } from "#domain";

/** Throws a `FaultError` of code `interrupted` when it is aborted. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() =>
    raise("interrupted", "interrupted while a model was waited for"),
  );
}
