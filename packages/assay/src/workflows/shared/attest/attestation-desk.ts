import type { WorkStatement } from "@assay/sdk";
import type { AttestationPolicy } from "#domain";
import { defaultAttestation, FaultError, type ResultWorth, worthOf } from "#domain";
import type { Blobs, Delegated, WorkerRegistry } from "#ports";
import { readWorkStatement } from "#receipt";
import { sampleDraw } from "./sample-draw.ts";

/** What decides about workers' results; a daemon that serves testers has one. */
export type AttestationDesk = {
  registry: Pick<WorkerRegistry, "get" | "count">;
  /** At least 32 bytes that nobody but the daemon knows, the same over restarts. */
  secret: Uint8Array;
  policy?: AttestationPolicy;
  /** Whether a tester that may attest is there: without one nothing is sent away. */
  hasTester(): Promise<boolean>;
  /** Takes the worker out: its claims are void, and it gets no others. */
  revoke(worker: string, because: string): Promise<void>;
};

export type BroughtResult = Extract<Delegated<unknown>, { kind: "done" }> & { run: string };

/** What a result counts for: by who brought it, whether they signed for exactly this, what it can say, and the draw. */
export async function worthOfResult(
  desk: AttestationDesk,
  blobs: Pick<Blobs, "get">,
  result: BroughtResult,
  unusable?: string,
): Promise<ResultWorth> {
  const worker = await desk.registry.get(result.worker);
  const standing = {
    attest: worker?.attest === true,
    revoked: worker === undefined || worker.revoked !== undefined,
    signed: worker !== undefined && (await isSigned(blobs, result, worker.publicKey)),
    unusable,
  };
  return worthOf(standing, sampleDraw(desk.secret, result), desk.policy ?? defaultAttestation);
}

async function isSigned(blobs: Pick<Blobs, "get">, result: BroughtResult, publicKey: string): Promise<boolean> {
  const { run, task, token, worker, output, statement } = result;
  const bytes = statement === undefined ? undefined : await blobs.get(statement);
  if (bytes === undefined) return false;
  const expected: WorkStatement = { run, task, token, worker, outcome: "done", output };
  try {
    const signed = readWorkStatement(bytes, publicKey);
    return Object.entries(expected).every(([name, value]) => signed[name as keyof WorkStatement] === value);
  } catch (error) {
    // A statement that cannot be read is none; anything else is no question of what it says.
    if (error instanceof FaultError) return false;
    throw error;
  }
}

/** Those among the workers that are revoked by now, or gone. */
export async function revokedAmong(
  desk: Pick<AttestationDesk, "registry">,
  workers: readonly string[],
): Promise<string[]> {
  const known = await Promise.all(workers.map((id) => desk.registry.get(id)));
  return workers.filter((_, index) => known[index] === undefined || known[index].revoked !== undefined);
}
