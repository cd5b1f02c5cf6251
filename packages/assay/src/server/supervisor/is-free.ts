import { FaultError, type RunId } from "#domain";
import type { Engine } from "#engine";
import type { Owners } from "#ports";

/** Whether a run may be gone on with here when its database can be used again. What another process has claimed, or may have, is not waited for. */
export async function isFree(run: RunId, engine: Engine, owners: Owners): Promise<boolean> {
  try {
    const { status, owner } = (await engine.read(run)).state;
    return status !== "running" || owner === undefined || owner === owners.self || owners.liveness(owner) === "dead";
  } catch (error) {
    return error instanceof FaultError && error.fault.code === "run-locked";
  }
}
