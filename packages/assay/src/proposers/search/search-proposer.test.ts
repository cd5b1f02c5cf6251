import { afterEach, describe, expect, it } from "vitest";
import { defaultHealBudget } from "#domain";
import type { Coverage, ProjectProfile, ProposalRequest, Snapshot } from "#ports";
import { edited, FolderWorkspaces } from "../../../test/fakes/folder-workspaces.ts";
import { ScriptRunner } from "../../../test/fakes/script-runner.ts";
import { SearchProposer } from "./search-proposer.ts";

const cart = `function total(prices, discount) {
  let sum = 0;
  for (let i = 0; i <= prices.length; i++) {
    sum += prices[i];
  }
  return sum - sum * discount;
}

function isFree(prices) {
  return prices.length === 0;
}
`;

const tests = {
  "test.js > empty": "total([], 0) === 0",
  "test.js > sum": "total([1, 2], 0) === 3",
  "test.js > discount": "total([10], 0.5) === 5",
  "test.js > free": "isFree([]) && !isFree([1])",
};

let workspaces = new FolderWorkspaces();
afterEach(async () => {
  await workspaces[Symbol.asyncDispose]();
  workspaces = new FolderWorkspaces();
});

async function requestFor(script: string, asked: Record<string, string>): Promise<ProposalRequest> {
  const snapshot = await workspaces.project({ "src/cart.js": script, "test.js": "require('./src/cart.js')" });
  const runner = new ScriptRunner("src/cart.js", asked);
  await using workspace = await workspaces.open(snapshot, "heal-00000000.t.a" as never);
  const profile = profileOf(snapshot);
  const { report: baseline } = await runner.run({ profile, workspace, selection: [], limits: {} as never });
  const ids = (passed: boolean) => baseline.results.filter((r) => (r.outcome === "passed") === passed).map((r) => r.id);
  return {
    snapshot,
    profile,
    baseline,
    failures: [],
    targets: ids(false),
    guards: ids(true),
    budget: defaultHealBudget,
  };
}

function profileOf(snapshot: Snapshot): ProjectProfile {
  return {
    root: snapshot.root,
    language: "javascript",
    runner: "node-test",
    interpreter: process.execPath,
    mounts: [],
    oracleFiles: ["test.js"],
    sourceFiles: ["src/cart.js"],
    details: [],
  };
}

describe("SearchProposer", () => {
  it("finds the edit that turns the failing tests green", async () => {
    const request = await requestFor(cart, tests);
    expect(request.targets).toHaveLength(3);
    const runner = new ScriptRunner("src/cart.js", tests);
    const proposal = await new SearchProposer({ workspaces, runners: { "node-test": runner } }).propose(request);
    const [first] = proposal.candidates;
    expect(first?.provenance).toMatchObject({ proposer: "search", method: "cmp_adj" });
    expect(first?.provenance.summary).toBe("replace `<=` by `<` in src/cart.js line 3 (comparison, adjacent)");
    const healed = edited({ "src/cart.js": cart }, first?.edits ?? []);
    expect(healed?.["src/cart.js"]).toBe(cart.replace("<=", "<"));
    expect(proposal.spent.candidates).toBe(proposal.tried);
  });

  it("asks a failing test first and a green one only afterwards", async () => {
    const request = await requestFor(cart, tests);
    const runner = new ScriptRunner("src/cart.js", tests);
    await new SearchProposer({ workspaces, runners: { "node-test": runner } }).propose(request);
    for (const { tests: order } of runner.tried) {
      expect(order.slice(0, 3).sort()).toEqual([...request.targets].sort());
      expect(order[3]).toBe("test.js > free");
    }
  });

  it("edits only lines that failing tests executed when it knows them", async () => {
    const base = await requestFor(cart, tests);
    const coverage: Coverage = Object.fromEntries(
      Object.keys(tests).map((test) => [test, { "src/cart.js": test.endsWith("free") ? [10] : [2, 3, 4, 6] }]),
    );
    const runner = new ScriptRunner("src/cart.js", tests);
    const proposal = await new SearchProposer({ workspaces, runners: { "node-test": runner } }).propose({
      ...base,
      coverage,
    });
    expect(proposal.candidates.length).toBeGreaterThan(0);
    expect(proposal.suspects.map((suspect) => suspect.line).sort()).toEqual([2, 3, 4, 6]);
    for (const { files } of runner.tried) expect(files["src/cart.js"]).toContain("return prices.length === 0;");
  });

  it("goes on where its cursor says and repeats nothing", async () => {
    const request = await requestFor(cart, { ...tests, "test.js > never": "false" });
    const search = (runner: ScriptRunner) =>
      new SearchProposer({ workspaces, runners: { "node-test": runner }, screensMax: 1 });
    const whole = new ScriptRunner("src/cart.js", { ...tests, "test.js > never": "false" });
    await search(whole).propose({ ...request, budget: { ...request.budget, candidatesMax: 60 } });
    const parts = new ScriptRunner("src/cart.js", { ...tests, "test.js > never": "false" });
    let cursor: string | undefined;
    for (let part = 0; part < 3; part += 1) {
      const proposal = await search(parts).propose({
        ...request,
        budget: { ...request.budget, candidatesMax: 20 },
        ...(cursor ? { cursor } : {}),
      });
      expect(proposal.tried).toBe(20);
      cursor = proposal.cursor;
    }
    expect(parts.tried.map((one) => one.files)).toEqual(whole.tried.map((one) => one.files));
  });

  it("ends without a cursor when everything was tried, hanging candidates twice", async () => {
    const script = "function f(n) {\n  while (n > 0) n -= 1;\n  return n;\n}\n";
    const asked = { "test.js > f": "f(3) === 'never'" };
    const request = await requestFor(script, asked);
    const runner = new ScriptRunner("src/cart.js", asked);
    const proposer = new SearchProposer({ workspaces, runners: { "node-test": runner } });
    let cursor: string | undefined;
    let tried = 0;
    do {
      const proposal = await proposer.propose({ ...request, ...(cursor ? { cursor } : {}) });
      expect(proposal.candidates).toEqual([]);
      tried += proposal.tried;
      cursor = proposal.cursor;
    } while (cursor !== undefined);
    const texts = runner.tried.map((one) => one.files["src/cart.js"] ?? "");
    expect(tried).toBe(texts.length);
    const repeated = texts.length - new Set(texts).size;
    expect(repeated).toBeGreaterThan(0);
    expect(repeated).toBeLessThan(texts.length / 2);
  });

  it("replaces a screen that a candidate took down and goes on", async () => {
    const request = await requestFor(cart, tests);
    const runner = new ScriptRunner("src/cart.js", tests);
    runner.deadlyText = "i >= prices.length";
    const proposer = new SearchProposer({ workspaces, runners: { "node-test": runner }, screensMax: 1 });
    const proposal = await proposer.propose(request);
    expect(runner.screensOpened).toBeGreaterThan(1);
    expect(proposal.candidates[0]?.provenance.method).toBe("cmp_adj");
    expect(proposal.fault).toBeUndefined();
  });

  it("stops soon after an abort and can go on later", async () => {
    const request = await requestFor(cart, { never: "false" });
    const runner = new ScriptRunner("src/cart.js", { never: "false" });
    const controller = new AbortController();
    const proposer = new SearchProposer({ workspaces, runners: { "node-test": runner }, screensMax: 1 });
    const proposal = await proposer.propose({
      ...request,
      signal: controller.signal,
      onProgress: ({ tried }) => {
        if (tried === 5) controller.abort();
      },
    });
    expect(proposal.tried).toBeLessThanOrEqual(6);
    expect(proposal.cursor).toBeDefined();
  });

  it("runs tests on a workspace where the runner has no screen", async () => {
    const request = await requestFor(cart, tests);
    const runner = new ScriptRunner("src/cart.js", tests, { screen: false });
    const proposal = await new SearchProposer({ workspaces, runners: { "node-test": runner } }).propose(request);
    expect(proposal.candidates[0]?.provenance.method).toBe("cmp_adj");
  });

  it("says so when the project's runner is not there", async () => {
    const request = await requestFor(cart, tests);
    const proposal = await new SearchProposer({ workspaces, runners: {} }).propose(request);
    expect(proposal.fault?.code).toBe("oracle-unavailable");
  });
});
