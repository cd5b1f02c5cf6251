import { join } from "node:path";
import { Engine, type Workflow } from "#engine";
import { FileBlobs, ProcessOwners, SqliteJournal } from "#store";
import { atOnce, type System, stepResult, stepsOfTicket } from "./system.ts";

const goal = { kind: "heal" as const, root: "/project", tests: [], apply: false };

const ticket: Workflow = {
  name: "heal",
  version: 1,
  async run(run) {
    for (let n = 0; n < stepsOfTicket; n++) await run.step(`step-${n}`, { n }, () => stepResult);
    return { type: "result", outcome: "accepted", exitCode: 0, summary: "done" };
  },
};

export async function assaySystem(folder: string): Promise<System> {
  const journal = await SqliteJournal.open(join(folder, "assay.db"));
  const blobs = new FileBlobs(join(folder, "blobs"));
  const engine = new Engine({ journal, blobs, owners: new ProcessOwners(), assayVersion: "bench" });
  return {
    name: "Assay, SQLite",
    tickets: (count, parallel) =>
      atOnce(count, parallel, async () => {
        const { result } = await engine.start(ticket, goal);
        if (result.outcome !== "accepted") throw new Error(result.summary);
      }),
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}
