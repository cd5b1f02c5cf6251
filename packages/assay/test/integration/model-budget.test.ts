import { expect, test } from "vitest";
import { nothingSpent } from "#domain";
import { Engine, type Run, type Workflow } from "#engine";
import type { LanguageModel, ModelRequest } from "#ports";
import { MemoryJournal, ProcessOwners } from "#store";
import { cutAfter, rateLimited, serverError } from "../fakes/models/faults.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import type { Reply } from "../fakes/models/reply.ts";
import { atDepth } from "../support/depth.ts";
import { loopbackModel } from "../support/loopback-model.ts";
import { MemoryBlobs } from "../support/memory-blobs.ts";

const attempts = 50;
const request: ModelRequest = { messages: [{ role: "user", text: "How many? ".repeat(40) }], outputTokensMax: 400 };
const ended = { type: "result", outcome: "evaluated", exitCode: 0, summary: "done" } as const;

/** Fifty attempts at once; each sets its worst case aside, asks, and settles with what it was charged. */
function attemptsAtOnce(model: LanguageModel): Workflow {
  const attempt = (run: Run, index: number) => async () => {
    const reservation = await run.reserve(`attempt-${index}`, model.worstCase(request));
    const { usage, requests } = await run.step(`attempt-${index}`, {}, () => model.ask(request));
    const tokens = usage.inputTokens + usage.outputTokens;
    await reservation.settle({ requests, tokens, costMicroUsd: usage.costMicroUsd });
  };
  return {
    name: "attempts",
    version: 1,
    async run(run) {
      await run.all(
        Array.from({ length: attempts }, (_, index) => attempt(run, index)),
        { concurrency: attempts },
      );
      return ended;
    },
  };
}

/** Answers of all lengths, some of them cut off, some refused at first. */
function reply(n: number): Reply {
  const text = "word ".repeat((n * 37) % 390);
  if (n % 11 === 3) return cutAfter(text.length / 2, text);
  if (n % 13 === 5) return n % 2 === 0 ? serverError : rateLimited(0);
  return { kind: "answer", text };
}

const runs = atDepth(
  Array.from({ length: 100 }, (_, index) => index),
  20,
);

test(`what fifty attempts at once are charged never passes the limit (${runs.length} runs)`, async () => {
  await using server = await modelServer({ models: { "m-1": (_conversation, n) => reply(n) } });
  for (const index of runs) {
    const before = server.charged("m-1");
    const model = loopbackModel(server, "openai-chat", "m-1", { concurrentMax: attempts });
    // From one worst case to some tens: the limit is reached somewhere in the middle.
    const most = model.worstCase(request).costMicroUsd;
    const costMicroUsdMax = Math.round(most * (1 + (index % 25)));
    const blobs = new MemoryBlobs();
    const engine = new Engine({ journal: new MemoryJournal(), blobs, owners: new ProcessOwners(), assayVersion: "0" });
    const budget = { ...nothingSpent, wallMsMax: 1e9, candidatesMax: 1e9, attemptsMax: 1e9, costMicroUsdMax };
    const goal = { kind: "heal" as const, root: "/nowhere", tests: [], apply: false };
    const { result, run } = await engine.start(attemptsAtOnce(model), goal, { budget });
    const after = server.charged("m-1");
    const charged = (after.inputTokens - before.inputTokens) * 2 + (after.outputTokens - before.outputTokens) * 10;
    expect(result).toMatchObject({ outcome: "paused", fault: { code: "budget-exhausted" } });
    expect(charged).toBeGreaterThan(0);
    expect(charged).toBeLessThanOrEqual(costMicroUsdMax);
    expect((await engine.read(run)).state.spent.costMicroUsd).toBeLessThanOrEqual(costMicroUsdMax);
  }
});
