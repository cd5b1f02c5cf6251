import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ProposeOutput, proposeInputSchema } from "@assay/sdk";
import { afterAll, describe, expect, test } from "vitest";
import { defaultHealBudget, runId } from "#domain";
import { type Delegated, digestOf, type ProposalRequest } from "#ports";
import { MemoryBlobs } from "#store";
import { LayeredWorkspaces } from "#workspace";
import { scratch } from "../../../test/support/scratch.ts";
import { WorkerProposer } from "./worker-proposer.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());

async function place(given: Partial<ProposalRequest> = {}) {
  const space = scope.use(await scratch());
  const root = await space.tree("project", { "a.py": "a = 1\n", "test_a.py": "", "run.sh": "#!/bin/sh\n" });
  await chmod(join(root, "run.sh"), 0o755);
  await mkdir(join(root, "odd"));
  await writeFile(join(root, "odd", "back\\slash.py"), "");
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay: true });
  const blobs = new MemoryBlobs();
  const request: ProposalRequest = {
    run: runId("heal-00000000"),
    snapshot: await workspaces.snapshot(root),
    profile: {
      root,
      language: "python",
      runner: "pytest",
      interpreter: "/usr/bin/python3",
      mounts: [],
      oracleFiles: ["test_a.py"],
      sourceFiles: ["a.py"],
      details: [],
    },
    baseline: { runner: "pytest", collected: [], results: [], collectionErrors: [], complete: true },
    failures: [],
    targets: ["test_a.py::test_a"],
    guards: ["test_a.py::test_b"],
    budget: { ...defaultHealBudget, wallMsMax: 5000.5 },
    ...given,
  };
  return { blobs, request, proposer: new WorkerProposer({ blobs, capability: "search" }) };
}

function done(value: Partial<ProposeOutput>): Delegated<ProposeOutput> {
  const output = { version: 1 as const, kind: "propose" as const, candidates: [], tried: 0, ...value };
  return {
    kind: "done",
    task: "t",
    value: output,
    worker: "w1",
    token: 9,
    output: digestOf(""),
    attempts: 1,
    durationMs: 1200,
  };
}

describe("a worker as proposer", () => {
  test("is sent the project's files by digest, what fails, and what a change may touch", async () => {
    const { proposer, request, blobs } = await place();
    const work = (await proposer.work(request)) ?? expect.fail();
    expect(work).toMatchObject({ kind: "propose", role: "coder", capabilities: ["search"], waitMsMax: 10_000 });
    const input = proposeInputSchema.parse(JSON.parse(JSON.stringify(work.input)));
    expect(input.files.map(({ path, executable }) => [path, executable])).toEqual([
      ["a.py", undefined],
      ["run.sh", true],
      ["test_a.py", undefined],
    ]);
    const [file] = input.files;
    expect(new TextDecoder().decode(file && (await blobs.get(file.digest)))).toBe("a = 1\n");
    expect(input).toMatchObject({ editable: ["a.py"], oracleFiles: ["test_a.py"], targets: request.targets });
  });

  test("gives candidates of provenance worker, their text cleaned, and is asked again while it has any", async () => {
    const { proposer, request } = await place();
    const edit = { kind: "update" as const, path: "a.py", oldStr: "1", newStr: "2" };
    const candidate = { edits: [edit], summary: "one\u001b[31m\nmore.", method: "model" };
    const first = await proposer.propose({
      ...request,
      delegated: done({ candidates: [candidate, candidate], tried: 7 }),
    });
    expect(first.candidates).toEqual([
      {
        id: "worker-9-1",
        edits: [edit],
        provenance: { proposer: "worker", method: "w1: model", summary: "one[31m more" },
      },
      expect.objectContaining({ id: "worker-9-2" }),
    ]);
    expect(first).toMatchObject({ tried: 7, cursor: "2", spent: { wallMs: 1200, candidates: 2 } });
    const last = await proposer.propose({ ...request, cursor: "5", delegated: done({ candidates: [candidate] }) });
    expect(last.cursor).toBeUndefined();
    expect((await proposer.propose({ ...request, delegated: done({}) })).cursor).toBeUndefined();
  });

  test("that failed is a fault of the proposal, and a project that cannot be sent a reason", async () => {
    const { proposer, request } = await place();
    const failed = { kind: "failed" as const, detail: "nobody\u202e came", attempts: 0, durationMs: 10 };
    expect(await proposer.propose({ ...request, delegated: failed })).toMatchObject({
      candidates: [],
      fault: { code: "agent-failed", message: "no worker proposed anything: nobody came" },
    });
    expect((await proposer.propose(request)).reason).toContain("too large");
  });
});
