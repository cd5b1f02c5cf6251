import { type ProposeOutput, proposeInputSchema } from "@assay/sdk";
import { expect, test } from "vitest";
import { JournalQueue } from "#engine";
import { WorkerProposer } from "#proposers";
import { madeUpProject } from "../../../test/support/made-up-project.ts";

const worker = { id: "w1", role: "coder" as const, capabilities: ["search"] };

test("a worker's changes are checked here, one after the other, and what is proven says who made it", async () => {
  const queue = new JournalQueue();
  await using place = await madeUpProject(
    ({ blobs }) => [new WorkerProposer({ blobs, capability: "search" })],
    {},
    { queue },
  );
  const stop = new AbortController();
  const asked: number[] = [];
  const working = (async () => {
    for (const newStr of ["worse", "good"]) {
      const claim = await queue.claim(worker, stop.signal);
      if (claim === undefined) return;
      const { run, task, input } = claim.offer;
      const bytes = (await place.blobs.get(input)) ?? expect.fail("its input is not in the store");
      const { files, editable, earlier } = proposeInputSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
      expect([files.map(({ path }) => path), editable]).toEqual([["a.py", "test_a.py"], ["a.py"]]);
      asked.push(earlier.length);
      const edits = [{ kind: "update" as const, path: "a.py", oldStr: "bad", newStr }];
      const candidates = [{ edits, summary: `say ${newStr}`, method: "by hand" }];
      const answer: ProposeOutput = { version: 1, kind: "propose", candidates, tried: 1 };
      const output = await place.blobs.put(JSON.stringify(answer));
      await queue.finish(run, task, claim.token, { outcome: "done", output, detail: "" });
    }
  })();
  const { run, result } = await place.start();
  stop.abort();
  await working;
  expect(result.outcome).toBe("accepted");
  expect(asked).toEqual([0, 1]);
  const { events } = await place.engine.read(run);
  const candidates = events.filter((event) => event.type === "candidate-proposed");
  expect(candidates.map(({ provenance }) => provenance)).toMatchObject([
    { proposer: "worker", method: "w1: by hand", summary: "say worse" },
    { proposer: "worker", method: "w1: by hand", summary: "say good" },
  ]);
  const verdicts = events.filter((event) => event.type === "verdict-reached").map(({ verdict }) => verdict.kind);
  expect(verdicts).toEqual(["rejected", "accepted"]);
});

test("without workers the run pauses and says where they are", async () => {
  await using place = await madeUpProject(({ blobs }) => [new WorkerProposer({ blobs })]);
  const { result } = await place.start();
  expect(result).toMatchObject({ outcome: "paused", fault: { code: "stopped" } });
  expect(result.summary).toContain("assay serve");
});
