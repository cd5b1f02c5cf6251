// node packages/assay/test/bench/eval-by-model.ts HUMANEVAL.jsonl.gz — an evaluation of a scripted model that is right in the first,
// second or third round, or never, for known problems: what assay tells beside what it is by hand. No model was involved.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { fetchData } from "../../src/eval/datasets/fetch-data.ts";
import { readDataset } from "../../src/eval/datasets/read-dataset.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import { toReply } from "../fakes/models/reply.ts";
import { configureModels, envOfKey } from "../support/model-home.ts";
import { resultOf, runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";

const data = resolve(process.argv[2] ?? "HumanEval.jsonl.gz");
const problems = readDataset("humaneval", await fetchData(data), data);
/** 0: never. */
const rightInRound = new Map(problems.map(({ entryPoint }, index) => [entryPoint, [1, 2, 3, 0][index % 4] ?? 0]));
const code = (text: string) => toReply(`\`\`\`python\n${text}\`\`\`\n`);

await using place = await scratch();
await using server = await modelServer({
  models: {
    m: ({ turns }) => {
      const name = /function `(\w+)`/.exec(turns[0]?.text ?? "")?.[1] ?? "";
      const problem = problems.findLast(
        (one) => one.entryPoint === name && turns[0]?.text.includes(one.prompt.trimEnd()),
      );
      const round = turns.filter(({ role }) => role === "user").length;
      const isRight = problem !== undefined && rightInRound.get(name) === round;
      return code(isRight ? problem.canonical : `def ${name}(*_):\n    return "no"\n`);
    },
  },
});
await configureModels(place.path, server, [{ name: "scripted", model: "m", protocol: "anthropic" }]);
const work = join(place.path, "work");
await mkdir(work);
const args = ["eval", "humaneval", "--data", data, "--proposer", "model:scripted", "--rounds", "3", "--k", "1"];
const began = performance.now();
const ended = await runAssay(place.path, [...args, "--max-cost", "20", "-C", work, "--json"], { env: envOfKey });
const { summary, passedAfter, tokens, costMicroUsd, problems: count } = resultOf(ended);
const names = problems.map(({ entryPoint }) => rightInRound.get(entryPoint) ?? 0);
const byHand = [1, 2, 3].map((round) => names.filter((right) => right > 0 && right <= round).length / names.length);
const { inputTokens, outputTokens, requests } = server.charged();
process.stdout.write(`${summary}\n`);
process.stdout.write(`after each round ${JSON.stringify(passedAfter)}, by hand ${JSON.stringify(byHand)}\n`);
process.stdout.write(`tokens ${tokens}, charged ${inputTokens + outputTokens} in ${requests} calls\n`);
process.stdout.write(`cost ${costMicroUsd} µ$, by hand ${inputTokens * 2 + outputTokens * 10} µ$\n`);
process.stdout.write(`${count} problems in ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
