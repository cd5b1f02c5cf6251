import type { CheckOutput } from "@assay/sdk";
import { expect, test } from "vitest";
import { digestOf, type ProjectProfile, type Snapshot } from "#ports";
import { MemoryBlobs } from "#store";
import { strongIsolation } from "../../../../test/support/check-output.ts";
import { loadObservation } from "../observe.ts";
import { keepReported } from "./keep-reported.ts";

const snapshot: Snapshot = { digest: digestOf("base"), root: "/p", directory: "/nowhere", files: [], excluded: [] };
const profile: ProjectProfile = {
  root: "/p",
  language: "python",
  runner: "pytest",
  interpreter: "/usr/bin/python3",
  mounts: [],
  oracleFiles: [],
  sourceFiles: [],
  details: [],
};
const output: CheckOutput = {
  version: 1,
  kind: "check",
  report: { runner: "pytest", collected: [], results: [], collectionErrors: [], complete: true },
  termination: { kind: "exited", code: 0 },
  isolation: strongIsolation,
  level: "in-process",
  written: ["tests/test_a.py"],
  stdout: "out",
  stderr: "err",
  durationMs: 12,
};

test("what a tester reported is an observation of what it was sent, and names it", async () => {
  const blobs = new MemoryBlobs();
  const run = { purpose: "check" as const, snapshot, profile, execution: "c1.remote", worker: "w1" };
  const { evidence } = await keepReported({ blobs }, run, output);
  const observation = await loadObservation(blobs, evidence.digest);
  expect(observation).toMatchObject({
    execution: "c1.remote",
    worker: "w1",
    base: snapshot.digest,
    report: output.report,
    rewritten: ["tests/test_a.py"],
    durationMs: 12,
  });
  expect(new TextDecoder().decode(await blobs.get(observation.stdout))).toBe("out");
});
