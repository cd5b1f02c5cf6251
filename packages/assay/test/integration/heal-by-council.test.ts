import { expect, test } from "vitest";
import { editAnswer } from "../fakes/models/edit-answers.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import type { Conversation, ScriptedModel } from "../fakes/models/reply.ts";
import { toReply } from "../fakes/models/reply.ts";
import { configureModels, envOfKey } from "../support/model-home.ts";
import { jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";

const file = "prices/discount.py";
const minimal = { file, oldStr: "if quantity > least:", newStr: "if quantity >= least:" };
const larger = {
  file,
  oldStr: "        if quantity > least:\n            return percent\n",
  newStr: "        enough = quantity >= least\n        if enough:\n            return percent\n",
};
const wrong = { file, oldStr: "(10, 10)", newStr: "(9, 10)" };

/** What a member is asked for, by the words of the prompts. */
function asked({ system = "" }: Conversation): "hypothesis" | "ranking" | "change" {
  if (system.includes("You change nothing yet")) return "hypothesis";
  return system.includes("You repair programs") ? "change" : "ranking";
}

/** Proposes one change, and as a judge says what it is given to say. */
function member(edit: typeof minimal, judging: (text: string) => string): ScriptedModel {
  return (conversation) => {
    switch (asked(conversation)) {
      case "hypothesis":
        return toReply(`cause: the comparison\nfile: ${file}\nline: 9\nrefutation: another line\n`);
      case "change":
        return toReply(editAnswer(edit));
      case "ranking":
        return toReply(judging(conversation.turns.at(-1)?.text ?? ""));
    }
  };
}

const abstains = () => '{"order": [], "abstain": "I cannot say"}';

async function healByCouncil(models: Readonly<Record<string, ScriptedModel>>) {
  await using place = await projectCopy("python-prices");
  await using server = await modelServer({ models });
  const names = Object.keys(models);
  const protocols = ["openai-chat", "anthropic", "openai-responses", "google"] as const;
  await configureModels(
    place.home,
    server,
    names.map((name, index) => ({
      name,
      model: name,
      protocol: protocols[index % protocols.length] ?? "openai-chat",
      family: name,
    })),
  );
  const args = ["heal", place.project, "--json", "--proposer", `council:${names.join(",")}`];
  const ended = await runAssay(place.home, args, { env: envOfKey });
  return { result: resultOf(ended), lines: jsonLines(ended) };
}

test("of what a council proves the smallest change is taken, whatever its bad members say", async () => {
  const { result, lines } = await healByCouncil({
    "m-small": member(minimal, abstains),
    "m-large": member(larger, abstains),
    "m-wrong": member(wrong, () => "A, B"),
    "m-loud": member(wrong, () => '{"order": ["B", "A"]}'),
  });
  expect(result).toMatchObject({ outcome: "accepted", exitCode: 0 });
  expect(result.patch?.provenance).toMatchObject({ proposer: "model", method: "loopback/m-small" });
  const [ranked] = lines.filter((line) => line.type === "council-ranked");
  expect(ranked?.ranking).toHaveLength(2);
  for (const { evidence } of ranked?.ranking ?? []) expect(evidence.length).toBeGreaterThan(0);
  const calls = lines.filter((line) => line.type === "model-asked");
  expect(calls.filter(({ outcome }) => outcome === "hypothesis")).toHaveLength(4);
  // Nobody is shown what another proposed: the only texts that hold two changes are ballots.
  expect(calls.filter(({ prompt }) => prompt.startsWith("council-rank")).length).toBeGreaterThan(0);
});

test("a council that proves nothing takes nothing, and ranks nothing", async () => {
  const { result, lines } = await healByCouncil({
    "m-wrong": member(wrong, abstains),
    "m-other": member({ ...wrong, newStr: "(10, 11)" }, abstains),
  });
  expect(result).toMatchObject({ outcome: "not-found", exitCode: 1 });
  expect(lines.filter((line) => line.type === "council-ranked")).toEqual([]);
});

test("members that make the same change are checked apart, and are one", async () => {
  const { result, lines } = await healByCouncil({
    "m-one": member(minimal, abstains),
    "m-two": member(minimal, abstains),
  });
  expect(result).toMatchObject({ outcome: "accepted", exitCode: 0 });
  const [ranked] = lines.filter((line) => line.type === "council-ranked");
  expect(ranked).toMatchObject({ method: "single", ranking: [{ sameChange: [expect.any(String)] }] });
});

test("of proven changes that are seen to do different things none is taken without a majority", async () => {
  // Nobody tests eleven pieces: both pass, and make different things of them.
  const special = {
    file,
    oldStr: "        if quantity > least:\n",
    newStr: "        if quantity >= least or (quantity, least) == (11, 100):\n",
  };
  const { result } = await healByCouncil({
    "m-right": member(minimal, abstains),
    "m-special": member(special, abstains),
  });
  expect(result).toMatchObject({ outcome: "inconclusive", exitCode: 3 });
  expect(result.summary).toContain("2 changes are proven, and none was taken");
});
