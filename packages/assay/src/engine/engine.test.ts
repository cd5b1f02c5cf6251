import type { RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { type RunId, raise, runId } from "#domain";
import type { AppendRequest } from "#ports";
import { MemoryJournal } from "#store";
import { goal, memoryEngine, pausing, workflow } from "../../test/support/engine-parts.ts";

describe("a run", () => {
  test("that ends by a terminal fault has that as its recorded result", async () => {
    const flow = workflow(async () => raise("no-tests", "nothing to run"));
    const engine = memoryEngine({ workflows: [flow] });
    const end = await engine.start(flow, goal);
    expect(end).toMatchObject({ recorded: true, result: { outcome: "inconclusive", exitCode: 3 } });
    expect(await engine.resume(end.run)).toEqual(end);
  });

  test("that is finished takes remarks, each once, and gives the same result as before", async () => {
    const flow = workflow(async () => 1);
    const engine = memoryEngine({ workflows: [flow] });
    const end = await engine.start(flow, goal);
    await engine.remark(end.run, "applied", "applied afterwards");
    await engine.remark(end.run, "applied", "applied once more");
    const { events } = await engine.read(end.run);
    expect(events.at(-1)).toMatchObject({ type: "note", message: "applied afterwards", seq: end.seq + 1 });
    expect(await engine.resume(end.run)).toEqual(end);
  });

  test("that meets a bug is paused, not finished, and goes on when the bug is gone", async () => {
    let broken = true;
    const flow = workflow((run) =>
      run.step("a", {}, () => {
        if (broken) throw new TypeError("undefined is not a function");
        return "fine";
      }),
    );
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal);
    expect(result).toMatchObject({ outcome: "failed", exitCode: 4, fault: { code: "defect" } });
    expect((await engine.read(run)).state.status).toBe("paused");
    broken = false;
    expect((await engine.resume(run)).result.outcome).toBe("accepted");
  });

  test("is refused by another version of its workflow, and unknown runs are not found", async () => {
    const old = pausing(async () => 1);
    const engine = memoryEngine({ workflows: [{ ...old, version: 2 }] });
    const { run } = await engine.start(old, goal);
    await expect(engine.resume(run)).rejects.toMatchObject({ fault: { code: "workflow-changed" } });
    await expect(engine.resume(runId("heal-00000000"))).rejects.toMatchObject({ fault: { code: "run-not-found" } });
  });

  test("pauses on Ctrl-C, exits 130 and can be resumed; what the step under way gave then is not recorded", async () => {
    const controller = new AbortController();
    const done: string[] = [];
    const flow = workflow(async (run) => {
      const found = await run.step("a", {}, (signal) => {
        done.push("a");
        controller.abort();
        return signal.aborted ? [] : ["everything"];
      });
      await run.step("b", {}, () => void done.push("b"));
      return found;
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal, { abort: controller.signal });
    expect(result).toMatchObject({ outcome: "paused", exitCode: 130, fault: { code: "interrupted" } });
    expect((await engine.read(run)).state.steps).toEqual([]);
    expect((await engine.resume(run)).result).toMatchObject({ outcome: "accepted", summary: '["everything"]' });
    expect(done).toEqual(["a", "a", "b"]);
  });

  test("takes an error that the interruption caused for the interruption", async () => {
    const controller = new AbortController();
    const flow = workflow(async (run) => {
      await run.step("a", {}, (signal) => {
        controller.abort();
        signal.throwIfAborted();
      });
    });
    const { result } = await memoryEngine().start(flow, goal, { abort: controller.signal });
    expect(result.fault?.code).toBe("interrupted");
  });

  test("that is cancelled while it runs stops at its next step with the recorded cancellation", async () => {
    const done: string[] = [];
    const flow = workflow(async (run) => {
      await run.step("a", {}, async () => {
        done.push("a");
        await engine.cancel(run.id, "a person");
      });
      await run.step("b", {}, () => void done.push("b"));
    });
    const engine = memoryEngine({ workflows: [flow] });
    const end = await engine.start(flow, goal);
    expect(end).toMatchObject({ recorded: true, result: { outcome: "cancelled", exitCode: 130 } });
    expect(done).toEqual(["a"]);
    expect((await engine.read(end.run)).state.status).toBe("cancelled");
    expect((await engine.resume(end.run)).result.outcome).toBe("cancelled");
    expect((await engine.cancel(end.run)).outcome).toBe("cancelled");
    await expect(engine.signal(end.run, "x", 1)).rejects.toMatchObject({ fault: { code: "run-finished" } });
  });

  test("notices a cancellation during a long step by its abort signal", async () => {
    const flow = workflow(async (run) => {
      await run.step("long", {}, async (signal) => {
        await engine.cancel(run.id);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      });
    });
    const engine = memoryEngine({ workflows: [flow], pollMs: 5 });
    expect((await engine.start(flow, goal)).result.outcome).toBe("cancelled");
  });

  test("tells its listener every new event once, in order, and its history apart", async () => {
    const flow = pausing(async (run) => {
      await run.step("a", {}, () => 1);
      await run.emit({ type: "note", level: "info", message: "said once" });
    });
    const engine = memoryEngine({ workflows: [flow] });
    const seen: RunEvent[] = [];
    const history: RunEvent[] = [];
    const { run } = await engine.start(flow, goal, { onEvent: (event) => seen.push(event) });
    expect(seen.map(({ type }) => type)).toEqual([
      "run-started",
      "lease-claimed",
      "step-finished",
      "note",
      "run-paused",
    ]);
    await engine.signal(run, "go", 1);
    const end = await engine.resume(run, {
      onEvent: (event) => seen.push(event),
      onHistory: (events) => history.push(...events),
    });
    expect(history.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(end.seq).toBe(8);
  });

  test("lists runs newest first with their state", async () => {
    const flow = pausing(async (run) => run.step("a", {}, () => 1));
    const engine = memoryEngine({ workflows: [flow] });
    const { run: first } = await engine.start(flow, goal);
    const { run: second } = await engine.start(flow, goal);
    await engine.cancel(first);
    expect(await engine.newest()).toBe(second);
    const listed = await engine.list();
    expect(listed.map(({ run, ...rest }) => [run, rest.kind === "readable" && rest.state.status])).toEqual([
      [second, "paused"],
      [first, "cancelled"],
    ]);
  });

  test("that meets a full disk is paused, and goes on where it was when there is space again", async () => {
    let full = false;
    class Disk extends MemoryJournal {
      override async append(request: AppendRequest) {
        return full ? raise("disk-full", "no space left") : super.append(request);
      }
    }
    const done: string[] = [];
    const flow = workflow(async (run) => {
      await run.step("a", {}, () => void done.push("a"));
      await run.step("b", {}, () => {
        done.push("b");
        full = done.length < 3;
      });
    });
    const engine = memoryEngine({ journal: new Disk(), workflows: [flow] });
    const { run, result, recorded } = await engine.start(flow, goal);
    expect({ result, recorded }).toMatchObject({
      recorded: false,
      result: { outcome: "paused", exitCode: 4, fault: { code: "disk-full" } },
    });
    full = false;
    expect((await engine.resume(run)).result.outcome).toBe("accepted");
    expect(done).toEqual(["a", "b", "b"]);
  });

  test("that cannot be read is listed with its fault and stops nothing else", async () => {
    const damaged = new Set<string>();
    class Damaged extends MemoryJournal {
      override async read(run: RunId, after?: number) {
        return damaged.has(run) ? raise("journal-corrupt", `run ${run} is damaged`) : super.read(run, after);
      }
    }
    const flow = pausing(async () => 1);
    const engine = memoryEngine({ journal: new Damaged(), workflows: [flow] });
    const { run: bad } = await engine.start(flow, goal);
    const { run: good } = await engine.start(flow, goal);
    damaged.add(bad);
    const listed = await engine.list();
    expect(listed.map(({ run, kind }) => [run, kind])).toEqual([
      [good, "readable"],
      [bad, "unreadable"],
    ]);
    for (const use of [engine.resume(bad), engine.read(bad), engine.cancel(bad)]) {
      await expect(use).rejects.toMatchObject({ fault: { code: "journal-corrupt" } });
    }
    await engine.signal(good, "go", 1);
    expect((await engine.resume(good)).result.outcome).toBe("accepted");
  });

  test("that finishes while it is being cancelled keeps the one result it has", async () => {
    const engine = memoryEngine();
    for (let turns = 0; turns < 40; turns += 2) {
      let ending: Promise<unknown> | undefined;
      let given: unknown;
      const { run, result } = await engine.start(
        workflow(async (handle) => {
          ending = (async () => {
            for (let turn = 0; turn < turns; turn++) await Promise.resolve();
            given = await engine.cancel(handle.id);
          })();
        }),
        goal,
      );
      await ending;
      const { events } = await engine.read(run);
      expect(events.filter(({ type }) => type === "result")).toHaveLength(1);
      expect(given).toEqual(result);
    }
  });

  test("lets a step that its workflow did not wait for write nothing behind the result", async () => {
    const release = Promise.withResolvers<void>();
    let left: Promise<unknown> | undefined;
    const flow = workflow(async (run) => {
      left = run.step("left", {}, () => release.promise);
      return "done";
    });
    const engine = memoryEngine();
    const { run } = await engine.start(flow, goal);
    release.resolve();
    await expect(left).rejects.toMatchObject({ fault: { code: "run-finished" } });
    expect((await engine.read(run)).events.at(-1)?.type).toBe("result");
  });
});
