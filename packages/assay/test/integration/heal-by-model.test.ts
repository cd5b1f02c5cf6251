import { expect, test } from "vitest";
import { editAnswer } from "../fakes/models/edit-answers.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import { good } from "../fakes/models/scripts/good.ts";
import type { WireProtocol } from "../support/loopback-model.ts";
import { configureModels, envOfKey, testKey } from "../support/model-home.ts";
import { jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";

const right = {
  file: "prices/discount.py",
  reasoning: "The steps name the least quantity, so that the comparison has to include it.",
  oldStr: "if quantity > least:",
  newStr: "if quantity >= least:",
};

const protocols: WireProtocol[] = ["anthropic", "openai-chat", "openai-responses", "google", "ollama"];
test.each(protocols)("a model that speaks %s heals a project, and everything it took is told", async (protocol) => {
  await using place = await projectCopy("python-prices");
  await using server = await modelServer({
    models: { "m-1": good(editAnswer(right)) },
    keys: [testKey],
    flavour: protocol === "ollama" ? "ollama" : "hosted",
  });
  await configureModels(place.home, server, [{ name: "helper", model: "m-1", protocol }]);
  const args = ["heal", place.project, "--json", "--proposer", "model:helper", "--max-cost", "0.5"];
  const ended = await runAssay(place.home, args, { env: envOfKey });
  const result = resultOf(ended);
  expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, verdict: { level: "controlled" } });
  expect(result.patch?.provenance).toMatchObject({ proposer: "model", method: "loopback/m-1" });
  const charged = server.charged("m-1");
  const [call, ...more] = jsonLines(ended).filter((line) => line.type === "model-asked");
  expect(more).toEqual([]);
  expect(call).toMatchObject({
    model: "loopback/m-1",
    end: "complete",
    outcome: "edit: update",
    inputTokens: charged.inputTokens,
    outputTokens: charged.outputTokens,
    costMicroUsd: charged.inputTokens * 2 + charged.outputTokens * 10,
    estimated: false,
  });
  expect(`${ended.stdout}${ended.stderr}`).not.toContain(testKey);
});
