import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest, RunEventBody } from "@assay/sdk";
import { openProject } from "#app";
import { runId } from "#domain";
import { digestOf } from "#ports";
import { FileBlobs, SqliteJournal } from "#store";

export const day = 86_400_000;
/** When the last event of the oldest run of `stateWithRuns` was. */
export const longAgo = Date.parse("2026-01-02T00:00:00Z");

export type MadeRun = {
  name: string;
  /** Days after `longAgo`. */
  age?: number;
  ended?: boolean;
  refersTo?: string;
  withReceipt?: boolean;
  tenant?: string;
};

/** A project whose state has runs with evidence of their own; content and folders are as old as the runs. */
export async function stateWithRuns(project: string, runs: readonly MadeRun[]): Promise<void> {
  await mkdir(project, { recursive: true });
  await (await openProject(project, {}))[Symbol.asyncDispose]();
  for (const run of runs) await makeRun(join(project, ".assay"), project, run);
}

async function makeRun(state: string, root: string, made: MadeRun): Promise<void> {
  const { name, tenant = "default" } = made;
  const home = tenant === "default" ? state : join(state, "tenants", tenant);
  const blobs = new FileBlobs(join(home, "blobs"));
  const at = longAgo + (made.age ?? 0) * day;
  const stdout = await putOld(blobs, home, at, `what the tests of ${name} printed`);
  const observation = await putOld(blobs, home, at, JSON.stringify({ stdout, of: name }));
  const receipt = join(home, "runs", name, "bundle", "receipt.json");
  const events: RunEventBody[] = [
    {
      type: "run-started",
      workflow: "heal",
      workflowVersion: 1,
      assayVersion: "0.1.0",
      goal: { kind: "heal", root, tests: [], apply: false },
    },
    {
      type: "evidence-recorded",
      evidence: {
        digest: observation,
        purpose: "baseline",
        counts: { collected: 1, passed: 1, failed: 0, skipped: 0, other: 0 },
        durationMs: 1,
      },
    },
  ];
  if (made.refersTo !== undefined)
    events.push({ type: "child-started", key: "part", child: made.refersTo, budget: {} });
  await mkdir(join(home, "runs", name, "bundle"), { recursive: true });
  await writeFile(join(home, "runs", name, "report.html"), `<p>${name}`);
  if (made.withReceipt) {
    await writeFile(receipt, "{}");
    events.push({ type: "artifact-written", kind: "receipt", path: receipt, digest: digestOf("{}") });
  }
  if (made.ended !== false) events.push({ type: "result", outcome: "accepted", exitCode: 0, summary: "done" });
  await utimes(join(home, "runs", name), new Date(at), new Date(at));
  await using journal = await SqliteJournal.open(join(state, "journal.sqlite"), { tenant, now: () => at });
  await journal.append({ run: runId(name), expectedSeq: 0, idempotencyKey: "all", events });
}

async function putOld(blobs: FileBlobs, home: string, at: number, content: string): Promise<Digest> {
  const digest = await blobs.put(content);
  await makeOld(home, digest, at);
  return digest;
}

export async function makeOld(home: string, digest: Digest, at: number): Promise<void> {
  const hex = digest.slice("sha256:".length);
  await utimes(join(home, "blobs", hex.slice(0, 2), hex.slice(2)), new Date(at), new Date(at));
}

/** Which of the evidence that `stateWithRuns` made for a run is still there, and whole. */
export async function evidenceOf(project: string, name: string, tenant = "default"): Promise<number> {
  const state = join(project, ".assay");
  const home = tenant === "default" ? state : join(state, "tenants", tenant);
  const blobs = new FileBlobs(join(home, "blobs"));
  const stdout = digestOf(`what the tests of ${name} printed`);
  const found = [await blobs.get(stdout), await blobs.get(digestOf(JSON.stringify({ stdout, of: name })))];
  return found.filter((bytes) => bytes !== undefined).length;
}
