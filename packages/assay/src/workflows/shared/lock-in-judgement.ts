import { join } from "node:path";
import type { ArtifactKind, Digest, Evidence, Provenance, Result, Verdict } from "@assay/sdk";
import type { Run } from "#engine";
import { digestOf, type ProjectProfile, type Snapshot } from "#ports";
import { buildStatement, type GatheredEvidence, type ReceiptInput, writeArtifact, writeBundle } from "#receipt";
import { environmentOf } from "./environment.ts";
import { loadObservation } from "./observe.ts";
import type { WorkflowTools } from "./tools.ts";

export type LockedIn = Required<Pick<Result, "patch" | "receipt" | "bundle">>;

/** A verdict with everything that its receipt says. */
export type Judgement = {
  /** The base revision. */
  snapshot: Snapshot;
  profile: ProjectProfile;
  provenance: Provenance;
  diff: string;
  patch: Digest;
  patchedTree?: Digest;
  expectation: ReceiptInput["expectation"];
  verdict: Verdict;
  /** What the verdict cites, and what it is compared with. */
  evidence: readonly Evidence[];
};

/** `before`: throws what keeps it from being signed, asked each time at the last moment. `again`: the first judgement was kept from it. */
export type LockInOptions = { before?: () => Promise<void>; again?: boolean };

/** Signs a verdict and leaves patch, evidence and receipt behind. Verdict and evidence are in the journal before. */
export async function lockIn(
  run: Run,
  tools: WorkflowTools,
  judgement: Judgement,
  { before, again = false }: LockInOptions = {},
): Promise<LockedIn> {
  tools.progress({ kind: "phase", phase: "lock-in" });
  const { snapshot, profile, provenance, diff, patch, patchedTree, expectation, verdict } = judgement;
  const directory = join(tools.directories.runs, run.id);
  const issuedAt = new Date(await run.now(again ? "issued-at-again" : "issued-at")).toISOString();
  const artifacts = await run.step(again ? "lock-in-again" : "lock-in", { patch, verdict }, async () => {
    await before?.();
    const evidence: GatheredEvidence[] = [];
    for (const { digest, purpose } of judgement.evidence) {
      evidence.push({ digest, purpose, observation: await loadObservation(tools.blobs, digest) });
    }
    const statement = buildStatement({
      assayVersion: tools.assayVersion,
      runId: run.id,
      issuedAt,
      ...(snapshot.git === undefined ? {} : { git: snapshot.git }),
      provenance,
      ...(patchedTree === undefined ? {} : { patchedTree }),
      environment: await environmentOf(tools.sandbox, profile),
      expectation,
      verdict,
      evidence,
    });
    const bundle = await writeBundle({
      directory: join(directory, "bundle"),
      statement,
      signer: await tools.signer(),
      blobs: tools.blobs,
    });
    const patchPath = join(directory, "patch.diff");
    await writeArtifact(patchPath, diff);
    return { patchPath, bundle };
  });
  const { bundle, patchPath } = artifacts;
  const written: [ArtifactKind, string, Digest][] = [
    ["patch", patchPath, digestOf(diff)],
    ["receipt", bundle.receipt, bundle.receiptDigest],
    ["bundle", bundle.directory, bundle.digest],
  ];
  for (const [kind, path, digest] of written) await run.emit({ type: "artifact-written", kind, path, digest });
  return { patch: { digest: patch, path: patchPath, provenance }, receipt: bundle.receipt, bundle: bundle.directory };
}
