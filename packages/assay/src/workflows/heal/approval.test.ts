import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Approval, approvalSchema, type Candidate, type RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { nothingSpent } from "#domain";
import type { Proposer } from "#ports";
import { madeUpProject } from "../../../test/support/made-up-project.ts";

const candidate: Candidate = {
  id: "c1",
  edits: [{ kind: "update", path: "a.py", oldStr: "bad", newStr: "good" }],
  provenance: { proposer: "search", method: "script", summary: "make it good" },
};
const proposer: Proposer = {
  name: "search",
  propose: async () => ({ candidates: [candidate], tried: 1, spent: nothingSpent, suspects: [] }),
};

/** A run that waits for its approval. */
async function waiting() {
  const project = await madeUpProject(() => [proposer], { approve: "before-apply" });
  const { run, result } = await project.start();
  const { events } = await project.engine.read(run);
  const patch = events.findLast((event) => event.type === "candidate-proposed");
  const decide = (approved: boolean, more = {}) =>
    project.engine.signal(run, "approval", { approved, by: "Ada", hostUser: "ada", patch: patch?.patch, ...more });
  return Object.assign(project, { run, result, decide });
}

function approvalOf(events: readonly RunEvent[]): Approval {
  const signal = events.find((event) => event.type === "signal-received");
  return approvalSchema.parse(signal?.value);
}

describe("a change that somebody has to approve", () => {
  test("is proven and locked in before anybody is asked, and the tree is not touched", async () => {
    await using project = await waiting();
    expect(project.result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "waiting-for-signal" } });
    expect(project.result.fault?.remedy).toContain(`assay approve ${project.run}`);
    const { events } = await project.engine.read(project.run);
    const at = (type: string) => events.findIndex((event) => event.type === type);
    expect(at("person-asked")).toBeGreaterThan(at("artifact-written"));
    expect(await project.source()).toBe("a = bad\n");
    // Asked once, however often the run is resumed meanwhile.
    expect((await project.engine.resume(project.run)).result.outcome).toBe("paused");
    const again = (await project.engine.read(project.run)).events;
    expect(again.filter(({ type }) => type === "person-asked")).toHaveLength(1);
  });

  test("is applied on approval", async () => {
    await using project = await waiting();
    expect(await project.decide(true)).toBe("received");
    const { result } = await project.engine.resume(project.run);
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, applied: true });
    expect(await project.source()).toBe("a = good\n");
  });

  test("stays proven and is not applied on rejection, with who and why", async () => {
    await using project = await waiting();
    await project.decide(false, { note: "not before the release" });
    const { result } = await project.engine.resume(project.run);
    expect(result).toMatchObject({
      outcome: "accepted",
      exitCode: 1,
      applied: false,
      verdict: { kind: "accepted" },
      fault: { code: "patch-rejected", message: "Ada did not approve it: not before the release" },
    });
    expect(await project.source()).toBe("a = bad\n");
    expect(await project.decide(true).catch((error) => error.fault.code)).toBe("run-finished");
  });

  test("names the key that a rejection came by", async () => {
    await using project = await waiting();
    await project.decide(false, { by: "root", hostUser: undefined, key: { id: "k1", name: "bot", tenant: "acme" } });
    const { result } = await project.engine.resume(project.run);
    expect(result.fault?.message).toBe("root (key k1 “bot” of tenant acme) did not approve it");
  });

  test("is not applied by an approval of another change, and not to a tree that went on", async () => {
    await using other = await waiting();
    await other.decide(true, { patch: `sha256:${"0".repeat(64)}` });
    expect((await other.engine.resume(other.run)).result).toMatchObject({
      applied: false,
      fault: { code: "patch-rejected" },
    });
    await using moved = await waiting();
    await writeFile(join(moved.root, "a.py"), "a = bad # but otherwise\n");
    await moved.decide(true);
    expect((await moved.engine.resume(moved.run)).result).toMatchObject({
      applied: false,
      fault: { code: "tree-changed" },
    });
    expect(await moved.source()).toBe("a = bad # but otherwise\n");
  });

  test("is approved in the run that it was shown in, and not in a fork of it", async () => {
    await using project = await waiting();
    await project.decide(true, { run: project.run });
    expect((await project.engine.resume(project.run)).result.applied).toBe(true);
    await writeFile(join(project.root, "a.py"), "a = bad\n");
    for (const step of ["apply", "lock-in"]) {
      const fork = await project.engine.fork(project.run, { step });
      expect((await project.engine.resume(fork)).result.fault?.code).toBe("waiting-for-signal");
      expect(await project.source()).toBe("a = bad\n");
      // Nor by the decision itself, sent on.
      await project.engine.signal(fork, "approval", approvalOf((await project.engine.read(project.run)).events));
      const { result } = await project.engine.resume(fork);
      expect(result).toMatchObject({ applied: false, fault: { code: "patch-rejected" } });
    }
    const own = await project.engine.fork(project.run, { step: "apply" });
    await project.engine.resume(own);
    await project.engine.signal(own, "approval", {
      ...approvalOf((await project.engine.read(project.run)).events),
      run: own,
    });
    expect((await project.engine.resume(own)).result.applied).toBe(true);
  });

  test("is decided by the first who decides", async () => {
    await using project = await waiting();
    expect([await project.decide(true), await project.decide(false)]).toEqual(["received", "duplicate"]);
    expect((await project.engine.resume(project.run)).result.applied).toBe(true);
  });
});
