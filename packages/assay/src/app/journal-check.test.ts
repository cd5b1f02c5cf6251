import { join } from "node:path";
import { expect, test } from "vitest";
import { runId } from "#domain";
import { SqliteJournal } from "#store";
import { goal } from "../../test/support/engine-parts.ts";
import { scratch } from "../../test/support/scratch.ts";
import { examineJournal } from "./journal-check.ts";
import { openStateDirectory, statePlaces } from "./state-directory.ts";

test("a goal that no version takes any more is told, with what removes its run", async () => {
  await using folder = await scratch();
  const { journal: path } = statePlaces(await openStateDirectory(join(folder.path)));
  const run = runId("heal-00000001");
  {
    await using journal = await SqliteJournal.open(path);
    const started = { type: "run-started", workflow: "heal", workflowVersion: 1, assayVersion: "0" } as const;
    const events = [{ ...started, goal: { ...goal, root: "/\ud800" } }];
    await journal.append({ run, expectedSeq: 0, idempotencyKey: "start", events });
  }
  expect(await examineJournal(folder.path)).toContainEqual({
    check: "goal",
    status: "limited",
    detail: `the goal of ${run} holds half of a character (a lone surrogate)`,
    remedy: `end it, and it can be removed: assay cancel ${run}, then assay prune`,
  });
});
