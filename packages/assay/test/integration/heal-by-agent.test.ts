import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scriptedAgent } from "../support/agent-session.ts";
import { withoutSandbox } from "../support/javascript-project.ts";
import { jsonLines, resultOf, runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";

const files = {
  "add.js": "export const add = (a, b) => a - b;\n",
  "test/add.test.js": [
    'import { test } from "node:test";',
    'import assert from "node:assert/strict";',
    'import { add } from "../add.js";',
    'test("adds", () => assert.equal(add(1, 2), 3));',
    'test("adds nothing", () => assert.equal(add(4, 0), 4));',
    "",
  ].join("\n"),
  "package.json": '{ "type": "module", "scripts": { "test": "node --test" } }\n',
};

async function healBy(behaviour: string) {
  await using place = await scratch();
  await chmod(place.path, 0o755);
  const root = await place.tree("project", files);
  const { command, mounts = [], wallMsMax } = scriptedAgent(behaviour);
  const config = [
    "[agents.scripted]",
    `command = ${JSON.stringify(command)}`,
    `mounts = ${JSON.stringify(mounts)}`,
    `wallMsMax = ${wallMsMax}`,
    "",
  ];
  await mkdir(join(place.path, "config", "assay"), { recursive: true });
  await writeFile(join(place.path, "config", "assay", "config.toml"), config.join("\n"));
  const ended = await runAssay(place.path, ["heal", root, "--proposer", "agent:scripted", "--json"]);
  return { result: resultOf(ended), lines: jsonLines(ended) };
}

test("an agent's change is judged like any other, and its session is on record", async (context) => {
  const problem = await withoutSandbox();
  if (problem !== undefined) context.skip(problem);
  const { result, lines } = await healBy("fix");
  expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, verdict: { level: "controlled" } });
  expect(result.patch?.provenance).toMatchObject({ proposer: "agent", method: "scripted" });
  const [session] = lines.filter((line) => line.type === "agent-asked");
  expect(session).toMatchObject({ agent: "scripted", said: "I fixed it.", egress: { requests: 0, refused: 0 } });
});

test.for(["lie", "edit-tests"])("an agent that does no more than %s heals nothing", async (behaviour, context) => {
  const problem = await withoutSandbox();
  if (problem !== undefined) context.skip(problem);
  const { result, lines } = await healBy(behaviour);
  expect(result).toMatchObject({ outcome: "not-found", exitCode: 1 });
  for (const { verdict } of lines.filter((line) => line.type === "verdict-reached"))
    expect(verdict.kind).toBe("rejected");
});
