import { join } from "node:path";
import type { ArtifactKind, Digest, Result } from "@assay/sdk";
import type { Run } from "#engine";
import { digestOf } from "#ports";
import { buildStatement, type GatheredEvidence, writeArtifact, writeBundle } from "#receipt";
import { environmentOf } from "../shared/environment.ts";
import { loadObservation } from "../shared/observe.ts";
import type { Case, Judged } from "./check.ts";
import type { HealTools } from "./tools.ts";

export type LockedIn = Pick<Result, "patch" | "receipt" | "bundle">;

/** Signs what was proven and leaves patch, evidence and receipt behind. Verdict and evidence are in the journal before. */
export async function lockIn(run: Run, tools: HealTools, subject: Case, proven: Judged): Promise<LockedIn> {
  tools.progress({ kind: "phase", phase: "lock-in" });
  const directory = join(tools.directories.runs, run.id);
  const issuedAt = new Date(await run.now("issued-at")).toISOString();
  const artifacts = await run.step("lock-in", { patch: proven.patch, verdict: proven.verdict }, async () => {
    const { snapshot, profile } = subject.project;
    const evidence: GatheredEvidence[] = [];
    for (const { digest, purpose } of [...subject.baseline.evidence, ...proven.evidence]) {
      evidence.push({ digest, purpose, observation: await loadObservation(tools.blobs, digest) });
    }
    const statement = buildStatement({
      assayVersion: tools.assayVersion,
      runId: run.id,
      issuedAt,
      ...(snapshot.git === undefined ? {} : { git: snapshot.git }),
      provenance: proven.candidate.provenance,
      environment: await environmentOf(tools.sandbox, profile),
      expectation: proven.expectation,
      verdict: proven.verdict,
      evidence,
    });
    const bundle = await writeBundle({
      directory: join(directory, "bundle"),
      statement,
      signer: await tools.signer(),
      blobs: tools.blobs,
    });
    const patchPath = join(directory, "patch.diff");
    await writeArtifact(patchPath, proven.diff);
    return { patchPath, bundle };
  });
  const { bundle, patchPath } = artifacts;
  const written: [ArtifactKind, string, Digest][] = [
    ["patch", patchPath, digestOf(proven.diff)],
    ["receipt", bundle.receipt, bundle.receiptDigest],
    ["bundle", bundle.directory, bundle.digest],
  ];
  for (const [kind, path, digest] of written) await run.emit({ type: "artifact-written", kind, path, digest });
  return {
    patch: { digest: proven.patch, path: patchPath, provenance: proven.candidate.provenance },
    receipt: bundle.receipt,
    bundle: bundle.directory,
  };
}
