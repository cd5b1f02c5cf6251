import type { RunEvent, RunEventBody } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { digestOf } from "#ports";
import { goal, memoryEngine, workflow } from "../../test/support/engine-parts.ts";
import { awaitsApproval, decideApproval, mayBeApplied } from "./decide-approval.ts";

const patch = digestOf("patch");
const asking: RunEventBody[] = [
  { type: "artifact-written", kind: "patch", path: "/patch.diff", digest: patch },
  { type: "person-asked", signal: "approval", question: "approval" },
];

/** A run that emits these and then waits for its approval. */
async function waiting(emitted: readonly RunEventBody[] = asking) {
  const flow = workflow(async (run) => {
    for (const event of emitted) await run.emit(event as never);
    return run.signal("approval", z.unknown());
  });
  const engine = memoryEngine({ workflows: [flow] });
  const { run } = await engine.start(flow, goal);
  return { engine, run, events: async () => (await engine.read(run)).events };
}

describe("a decision about a proven change", () => {
  test("is recorded with who, as whom, why, and about which change", async () => {
    const { engine, run, events } = await waiting();
    expect(awaitsApproval(await events())).toBe(true);
    const decided = await decideApproval(engine, run, { approved: false, by: " Ada ", note: "later" });
    expect(decided).toMatchObject({ kind: "received", approval: { approved: false, by: "Ada", note: "later", patch } });
    expect(decided.approval.hostUser).not.toBe("");
    expect([awaitsApproval(await events()), mayBeApplied(await events())]).toEqual([false, false]);
  });

  test("that came by a key is recorded with that key, and not with the account of whoever recorded it", async () => {
    const key = { id: "0123456789abcdef", name: "release bot", tenant: "acme" };
    const { engine, run } = await waiting();
    const { approval } = await decideApproval(engine, run, { approved: true, by: "root", key });
    expect(approval).toEqual({ approved: true, by: "root", key, patch, run });
    await expect(decideApproval(engine, run, { approved: false, key })).rejects.toMatchObject({
      fault: { message: expect.stringContaining("by root (key 0123456789abcdef “release bot” of tenant acme)") },
    });
    const nameless = await waiting();
    const decided = await decideApproval(nameless.engine, nameless.run, { approved: true, key });
    expect(decided.approval).toEqual({ approved: true, by: "key 0123456789abcdef", key, patch, run: nameless.run });
  });

  test("counts once: the same again is known, another one is refused, before and after the run has ended", async () => {
    const { engine, run, events } = await waiting();
    await decideApproval(engine, run, { approved: true, by: "Ada" });
    const again = await decideApproval(engine, run, { approved: true, by: "Bob" });
    expect(again).toMatchObject({ kind: "known", finished: false, approval: { by: "Ada" } });
    await engine.resume(run);
    expect(await decideApproval(engine, run, { approved: true })).toMatchObject({ kind: "known", finished: true });
    await expect(decideApproval(engine, run, { approved: false })).rejects.toMatchObject({
      fault: { code: "usage", message: expect.stringContaining("was approved by Ada") },
    });
    expect((await events()).filter(({ type }) => type === "signal-received")).toHaveLength(1);
  });

  test("of two who decide at the same time one is first, and the other hears of it", async () => {
    const { engine, run, events } = await waiting();
    const both = await Promise.allSettled([
      decideApproval(engine, run, { approved: true, by: "Ada" }),
      decideApproval(engine, run, { approved: false, by: "Bob" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await events()).filter(({ type }) => type === "signal-received")).toHaveLength(1);
  });

  test("lets the change be applied that it is about, and no other; where nobody had to be asked, any", async () => {
    const { engine, run, events } = await waiting();
    expect(mayBeApplied(await events())).toBe(false);
    await decideApproval(engine, run, { approved: true });
    expect(mayBeApplied(await events())).toBe(true);
    const other = await waiting();
    const value = { approved: true, by: "Ada", hostUser: "ada", patch: digestOf("another") };
    await other.engine.signal(other.run, "approval", value);
    expect(mayBeApplied(await other.events())).toBe(false);
    expect(mayBeApplied(await (await waiting([])).events())).toBe(true);
    const taken = await waiting();
    await taken.engine.signal(taken.run, "approval", { ...value, patch, run });
    expect(mayBeApplied(await taken.events())).toBe(false);
    const begun = (await waiting([])).events().then(([first]) => first ?? expect.fail());
    const started = { ...(await begun), goal: { ...goal, approve: "before-apply" } } as RunEvent;
    expect(mayBeApplied([started])).toBe(false);
  });

  test("is refused where nobody asked for one, and with a name or note that cannot be kept", async () => {
    const silent = await waiting([]);
    await expect(decideApproval(silent.engine, silent.run, { approved: true })).rejects.toMatchObject({
      fault: { code: "usage", message: expect.stringContaining("asked for no approval") },
    });
    const { engine, run } = await waiting();
    for (const bad of [{ by: "" }, { by: "a\u202eb" }, { by: "x".repeat(101) }, { note: "x".repeat(2_001) }]) {
      await expect(decideApproval(engine, run, { approved: true, ...bad })).rejects.toMatchObject({
        fault: { code: "usage" },
      });
    }
  });
});
