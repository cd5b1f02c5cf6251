import { afterEach, describe, expect, it } from "vitest";
import { defaultHealBudget, FaultError, fault } from "#domain";
import type { ProposalRequest } from "#ports";
import { FolderWorkspaces } from "../../../test/fakes/folder-workspaces.ts";
import { ScriptRunner } from "../../../test/fakes/script-runner.ts";
import { RecentHunksProposer } from "./recent-hunks-proposer.ts";

const script = "const rate = 3;\nfunction pay(h) { return h * rate; }\nfunction tax(p) { return p / 4; }\n";
const rateBack = { kind: "update", path: "pay.js", oldStr: "rate = 3", newStr: "rate = 2" } as const;
const taxBack = { kind: "update", path: "pay.js", oldStr: "p / 4", newStr: "p / 2" } as const;
const harmless = {
  kind: "update",
  path: "pay.js",
  oldStr: "function pay(h)",
  newStr: "function pay(hours, h = hours)",
} as const;

let workspaces = new FolderWorkspaces();
afterEach(async () => {
  await workspaces[Symbol.asyncDispose]();
  workspaces = new FolderWorkspaces();
});

async function propose(
  tests: Record<string, string>,
  edits: readonly ProposalEdit[],
  { runner = new ScriptRunner("pay.js", tests), ...more }: Partial<ProposalRequest> & { runner?: ScriptRunner } = {},
) {
  const snapshot = await workspaces.project({ "pay.js": script, "test.js": "" });
  workspaces.hunks = edits.map((edit) => ({ summary: `take back ${edit.newStr}`, edit }));
  const proposer = new RecentHunksProposer({ workspaces, runners: { "node-test": runner }, since: "HEAD~3" });
  return proposer.propose({
    snapshot,
    profile: {
      root: snapshot.root,
      language: "javascript",
      runner: "node-test",
      interpreter: process.execPath,
      mounts: [],
      oracleFiles: ["test.js"],
      sourceFiles: ["pay.js"],
      details: [],
    },
    baseline: { runner: "node-test", collected: [], results: [], collectionErrors: [], complete: true },
    failures: [],
    targets: Object.keys(tests),
    guards: [],
    budget: defaultHealBudget,
    ...more,
  });
}
type ProposalEdit = { kind: "update"; path: string; oldStr: string; newStr: string };

describe("RecentHunksProposer", () => {
  it("takes back the one hunk that broke the tests", async () => {
    const proposal = await propose({ pay: "pay(2) === 4" }, [harmless, taxBack, rateBack]);
    expect(proposal.candidates.map((candidate) => candidate.edits)).toContainEqual([rateBack]);
    expect(proposal.candidates[0]?.provenance).toMatchObject({ proposer: "recent-hunks", method: "hunk", rank: 2 });
    expect(proposal.cursor).toBeUndefined();
  });

  it("takes back all hunks of a file together when none is enough alone", async () => {
    const proposal = await propose({ both: "pay(2) === 4 && tax(4) === 2" }, [taxBack, rateBack]);
    expect(proposal.candidates.map((candidate) => candidate.edits)).toEqual([[taxBack, rateBack]]);
    expect(proposal.tried).toBe(3);
  });

  it("leaves out hunks of the oracle and hunks that do not apply", async () => {
    const test = { ...rateBack, path: "test.js" };
    const stale = { ...rateBack, oldStr: "rate = 17" };
    const proposal = await propose({ pay: "true" }, [test, stale]);
    expect(proposal.candidates).toEqual([]);
  });

  it("is interrupted by an abort in the middle of a trial, and takes it for no answer", async () => {
    for (const ending of ["answers", "dies"] as const) {
      const controller = new AbortController();
      const runner = new ScriptRunner("pay.js", { pay: "pay(2) === 4" });
      const screen: ScriptRunner["screen"] = async () => ({
        try: async ({ id }) => {
          controller.abort();
          if (ending === "dies") throw new FaultError(fault("sandbox-failed", "the screen's process is gone"));
          return { id, kind: "broken", message: "cancelled" };
        },
        [Symbol.asyncDispose]: async () => {},
      });
      const aborted = propose({ pay: "pay(2) === 4" }, [rateBack], {
        signal: controller.signal,
        runner: Object.assign(runner, { screen }),
      });
      await expect(aborted).rejects.toMatchObject({ fault: { code: "interrupted" } });
    }
  });

  it("stops at the budget with a cursor to go on from", async () => {
    const budget = { ...defaultHealBudget, candidatesMax: 1 };
    const proposal = await propose({ pay: "pay(2) === 4" }, [taxBack, rateBack], { budget });
    expect(proposal).toMatchObject({ tried: 1, candidates: [], cursor: "1" });
  });
});
