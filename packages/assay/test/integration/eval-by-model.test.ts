import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rateLimited, unauthorized } from "../fakes/models/faults.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import type { ScriptedModel } from "../fakes/models/reply.ts";
import { toReply } from "../fakes/models/reply.ts";
import { configureModels, envOfKey } from "../support/model-home.ts";
import { jsonLines, resultOf, runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";

const right = "Sure.\n\n```python\ndef add_N(a, b):\n    return a + b\n```\n";
const wrong = "```python\ndef add_N(a, b):\n    return a - b\n```\n";
const rows = Array.from({ length: 4 }, (_, n) => ({
  task_id: `T/${n}`,
  prompt: `def add_${n}(a, b):\n    """The sum of both."""\n`,
  canonical_solution: "    return a + b\n",
  entry_point: `add_${n}`,
  test: "def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(-1, 1) == 0\n",
}));

/** In which of its three rounds each sample of each task is right; 0: in none. */
const rightInRound = [
  [1, 1, 1],
  [2, 1, 0],
  [3, 0, 0],
  [0, 0, 0],
];

/** Finds task and round in what it is asked; samples of a task come one after the other. */
function byTable(): ScriptedModel {
  const sampleOf = new Map<string, number>();
  return ({ turns }) => {
    const task = /`add_(\d)`/.exec(turns[0]?.text ?? "")?.[1] ?? "";
    const round = turns.filter(({ role }) => role === "user").length;
    if (round === 1) sampleOf.set(task, (sampleOf.get(task) ?? -1) + 1);
    const wanted = rightInRound[Number(task)]?.[sampleOf.get(task) ?? 0];
    return toReply((round === wanted ? right : wrong).replaceAll("_N", `_${task}`));
  };
}

async function prepare(model: ScriptedModel) {
  await using resources = new AsyncDisposableStack();
  const place = resources.use(await scratch());
  const server = resources.use(await modelServer({ models: { "m-1": model } }));
  await configureModels(place.path, server, [{ name: "helper", model: "m-1", protocol: "openai-chat" }]);
  // A home is no place for runs.
  const work = join(place.path, "work");
  await mkdir(work);
  const data = join(work, "data.jsonl");
  await writeFile(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const kept = resources.move();
  const assay = (...args: string[]) => runAssay(place.path, [...args, "-C", work, "--json"], { env: envOfKey });
  const what = ["eval", "humaneval", "--data", data, "--proposer", "model:helper", "--workers", "1"];
  return {
    evaluate: (...more: string[]) => assay(...what, ...more),
    resume: (...more: string[]) => assay("resume", "last", ...more),
    charged: () => server.charged("m-1"),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

test("tells pass@k, what later rounds gained, and the cost, as they are by hand", async () => {
  await using place = await prepare(byTable());
  const ended = await place.evaluate("--samples", "3", "--rounds", "3", "--k", "1,3");
  const charged = place.charged();
  const cost = charged.inputTokens * 2 + charged.outputTokens * 10;
  expect(resultOf(ended)).toMatchObject({
    outcome: "evaluated",
    // (3 + 2 + 1 + 0) right samples of 3 each, and three of four tasks with one at least.
    passAtK: { "1": expect.closeTo(6 / 12), "3": expect.closeTo(3 / 4) },
    // Of twelve four are right at once, one more after two rounds, one more after three.
    passedAfter: [4 / 12, 5 / 12, 6 / 12].map((share) => expect.closeTo(share)),
    tokens: charged.inputTokens + charged.outputTokens,
    costMicroUsd: cost,
  });
  const problems = jsonLines(ended).filter((line) => line.type === "problem-evaluated");
  expect(problems.map(({ byRound }) => byRound?.length)).toEqual([1, 1, 1, 2, 1, 3, 3, 3, 3, 3, 3, 3]);
  expect(problems.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0)).toBe(cost);
  expect(charged.requests).toBe(27);
});

test("pauses at the limit of its money, and goes on with more behind what it has paid for", async () => {
  await using place = await prepare(byTable());
  const sampling = ["--samples", "3", "--rounds", "3", "--k", "3"];
  const paused = await place.evaluate(...sampling, "--max-cost", "0.05");
  expect(resultOf(paused)).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "budget-exhausted" } });
  const before = place.charged();
  expect(before.requests).toBeGreaterThan(0);
  expect(before.inputTokens * 2 + before.outputTokens * 10).toBeLessThanOrEqual(50_000);
  const resumed = await place.resume("--max-cost", "1");
  expect(resultOf(resumed)).toMatchObject({ outcome: "evaluated", passAtK: { "3": expect.closeTo(3 / 4) } });
  expect(place.charged().requests).toBe(27);
});

test("pauses where the model cannot be asked now, and asks again: an outage is no answer", async () => {
  let isDown = true;
  const model = byTable();
  await using place = await prepare((conversation, n) => (isDown ? rateLimited(3600) : model(conversation, n)));
  const paused = await place.evaluate();
  expect(resultOf(paused)).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "breaker-open" } });
  expect(jsonLines(paused).filter((line) => line.type === "problem-evaluated")).toEqual([]);
  isDown = false;
  expect(resultOf(await place.resume())).toMatchObject({ outcome: "evaluated", problems: 4, passed: 1 });
});

test("ends at once where no problem can be asked about", async () => {
  await using place = await prepare(() => unauthorized);
  const ended = resultOf(await place.evaluate());
  expect(ended).toMatchObject({ outcome: "failed", exitCode: 4, fault: { code: "model-unauthorized" } });
  expect(place.charged().requests).toBe(1);
});
