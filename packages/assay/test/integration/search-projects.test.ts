import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { attemptName, runId, suiteLimits } from "#domain";
import type { Proposal } from "#ports";
import { SearchProposer } from "#proposers";
import { type RealTools, realToolsOrSkip } from "../support/real-tools.ts";

type Seed = {
  bug: string;
  file: string;
  right: string;
  wrong: string;
  /** Other edits are as right as the original text. */
  equivalents?: boolean;
};

const fixtures = join(dirname(fileURLToPath(import.meta.url)), "../fixtures");

const projects: Record<string, Seed[]> = {
  "search-python": [
    {
      bug: "a limit that lets one too many through",
      file: "src/library/loans.py",
      right: "< limit",
      wrong: "<= limit",
    },
    {
      bug: "the wrong one of two related functions",
      file: "src/library/loans.py",
      right: "min(FINE",
      wrong: "max(FINE",
    },
    {
      bug: "operands the wrong way round",
      file: "src/library/loans.py",
      right: "end - due_day(loan)",
      wrong: "due_day(loan) - end",
    },
    {
      bug: "an index one off",
      file: "src/library/queue.py",
      right: "members.index(member) + 1",
      wrong: "members.index(member)",
    },
    {
      bug: "a wrong constant of the module",
      file: "src/library/loans.py",
      right: "LOAN_DAYS = 21",
      wrong: "LOAN_DAYS = 20",
      equivalents: true,
    },
  ],
  "search-typescript": [
    { bug: "a loop one too far", file: "src/tickets.ts", right: "i < tickets.length", wrong: "i <= tickets.length" },
    { bug: "a default for what is merely empty", file: "src/tickets.ts", right: "assignee ??", wrong: "assignee ||" },
    { bug: "a missing await", file: "src/tickets.ts", right: "await close(", wrong: "close(" },
    { bug: "a tie broken the wrong way", file: "src/tickets.ts", right: "now) > urgency", wrong: "now) >= urgency" },
  ],
};

describe.each(Object.keys(projects))("search in %s", (name) => {
  it.for(projects[name] ?? [])("repairs $bug", async (seed, context) => {
    const home = await mkdtemp(join(tmpdir(), "assay-search-"));
    try {
      const tools = await realToolsOrSkip(home, context);
      const { proposal, passes, repaired } = await heal(tools, join(home, "project"), name, seed);
      expect(proposal.fault).toBeUndefined();
      expect(proposal.candidates.length).toBeGreaterThan(0);
      expect(passes).toBe(true);
      if (!seed.equivalents) expect(repaired).toContain(seed.right);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});

/** Seeds the bug, searches, and runs the whole suite on the best candidate; `repaired` is the file of each candidate. */
async function heal(tools: RealTools, directory: string, name: string, seed: Seed) {
  await cp(join(fixtures, name), directory, { recursive: true });
  const path = join(directory, seed.file);
  const right = await readFile(path, "utf8");
  expect(right.split(seed.right)).toHaveLength(2);
  await writeFile(path, right.replace(seed.right, seed.wrong));

  const snapshot = await tools.workspaces.snapshot(directory);
  const profile = await tools.detect(snapshot);
  const runner = tools.runners[profile.runner];
  if (runner === undefined) throw new Error(`no runner ${profile.runner}`);
  const run = runId("test-00000001");
  const limits = { ...suiteLimits, wallMsMax: 60_000 };
  await using workspace = await tools.workspaces.open(snapshot, attemptName(run, "seed", "baseline"));
  const { report, coverage } = await runner.run({ profile, workspace, selection: [], coverage: true, limits });
  const ids = (passed: boolean) => report.results.filter((r) => (r.outcome === "passed") === passed).map((r) => r.id);
  expect(ids(false).length).toBeGreaterThan(0);
  expect(ids(true).length).toBeGreaterThan(0);

  const proposer = new SearchProposer(tools);
  const failures = report.results.flatMap(({ id, failure }) =>
    failure === undefined ? [] : [{ ...classified, tests: [id], failure }],
  );
  const budget = { wallMsMax: 120_000, candidatesMax: 3000, attemptsMax: 1 };
  const request = {
    run,
    snapshot,
    profile,
    baseline: report,
    failures,
    targets: ids(false),
    guards: ids(true),
    budget,
  };
  const known = { ...request, ...(coverage ? { coverage } : {}) };
  let proposal: Proposal = await proposer.propose(known);
  while (proposal.candidates.length === 0 && proposal.cursor !== undefined && proposal.fault === undefined) {
    proposal = await proposer.propose({ ...known, cursor: proposal.cursor });
  }

  let passes = false;
  const repaired: string[] = [];
  for (const [index, candidate] of proposal.candidates.entries()) {
    await using fixed = await tools.workspaces.open(snapshot, attemptName(run, "seed", `fixed-${index}`));
    expect((await fixed.apply(candidate.edits)).kind).toBe("applied");
    repaired.push((await fixed.read(seed.file)) ?? "");
    if (index > 0) continue;
    const again = await runner.run({ profile, workspace: fixed, selection: [], limits });
    passes = again.report.complete && again.report.results.every((result) => result.outcome === "passed");
  }
  return { proposal, passes, repaired: repaired.join("\n") };
}

const classified = {
  category: "assertion" as const,
  environment: false,
  fixability: { score: 1, reasons: [] },
  suggestedMethod: "update" as const,
};
