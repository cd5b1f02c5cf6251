import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { defaultHealBudget, runId } from "#domain";
import type { ProposalRequest } from "#ports";
import { MemoryBlobs } from "#store";
import { LayeredWorkspaces } from "#workspace";
import { HumanProposer, type HumanProposerOptions } from "./human-proposer.ts";
import type { Typed } from "./person-at-terminal.ts";

const cleanUp: string[] = [];
afterEach(async () => {
  for (const folder of cleanUp.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function desk(options: Partial<HumanProposerOptions> = {}, given: Partial<ProposalRequest> = {}) {
  const space = await mkdtemp(join(tmpdir(), "assay-human-"));
  cleanUp.push(space);
  const root = join(space, "project");
  await mkdir(root);
  await writeFile(join(root, "a.py"), "a = bad\nb = 2\n");
  const directory = join(space, "state");
  const workspaces = new LayeredWorkspaces({ stateDirectory: directory, overlay: true });
  const blobs = new MemoryBlobs();
  const human = new HumanProposer({ directory, workspaces, blobs, user: "root", ...options });
  const failure = { type: "AssertionError", message: "1 != \u001b[31m2", file: "a.py", line: 1, frames: [] };
  const request: ProposalRequest = {
    run: runId("heal-00000000"),
    snapshot: await workspaces.snapshot(root),
    profile: {
      root,
      language: "python",
      runner: "pytest",
      interpreter: "/usr/bin/python3",
      mounts: [],
      oracleFiles: ["test_a.py"],
      sourceFiles: ["a.py"],
      details: [],
    },
    baseline: { runner: "pytest", collected: [], results: [], collectionErrors: [], complete: true },
    failures: [
      {
        category: "assertion",
        failure,
        tests: ["test_a.py::test_a"],
        environment: false,
        fixability: { score: 1, reasons: [] },
        suggestedMethod: "update",
      },
    ],
    targets: ["test_a.py::test_a"],
    guards: [],
    budget: defaultHealBudget,
    ...given,
  };
  const place = human.asks(request);
  const answer = async (text: string) => {
    await mkdir(dirname(place.outbox), { recursive: true });
    await writeFile(place.outbox, text);
  };
  const problem = () => readFile(place.inbox.replace(/\.md$/, ".problem.md"), "utf8");
  return { human, request, place, answer, problem, blobs, directory };
}

const change = "```update a.py\n<<<< old\na = bad\n==== new\na = good\n>>>> end\n```\n";

describe("a person as proposer", () => {
  test("is asked by a file that shows what is red, where, and how to answer, and pauses the run", async () => {
    const { human, request, place } = await desk();
    await expect(human.propose(request)).rejects.toMatchObject({
      fault: { code: "waiting-for-signal", message: `a person is asked: ${place.inbox}` },
    });
    const question = await readFile(place.inbox, "utf8");
    expect(question).toContain("test_a.py::test_a");
    expect(question).toContain("AssertionError: 1 != [31m2");
    expect(question).toContain("    1 > a = bad\n    2   b = 2");
    expect(question).toContain(place.outbox);
  });

  test("makes a candidate of an answer, with who, and where question and answer are kept", async () => {
    const { human, request, answer, place, blobs } = await desk();
    const text = `---\nby: Ada\n---\nIt is not bad.\n${change}`;
    await answer(text);
    const proposal = await human.propose(request);
    expect(proposal).toMatchObject({
      candidates: [
        { edits: [{ kind: "update", path: "a.py" }], provenance: { method: "Ada", summary: "Ada: It is not bad" } },
      ],
      tried: 1,
      cursor: "2",
      answer: { kind: "patch", by: "Ada", via: "outbox" },
    });
    const kept = await blobs.get(proposal.answer?.answerDigest as never);
    expect(Buffer.from(kept ?? []).toString()).toBe(text);
    expect(await readdir(dirname(place.inbox))).toEqual([]);
    // A crash before the answer was recorded: it is still there, and is the same.
    expect(await human.propose(request)).toEqual(proposal);
  });

  test("is asked again under another name after a change, and at most ten times", async () => {
    const { human, request, answer } = await desk({}, { cursor: "10" });
    await answer(change);
    expect((await human.propose(request)).cursor).toBeUndefined();
    expect(human.asks({ ...request, cursor: "9" }).signal).not.toBe(human.asks(request).signal);
    expect(human.asks({ ...request, targets: ["other"] }).signal).not.toBe(human.asks(request).signal);
  });

  test("ends its turns with an opinion, or by giving up", async () => {
    const one = await desk();
    await one.answer("opinion: it rounds\ndown");
    const opinion = await one.human.propose(one.request);
    expect(opinion).toMatchObject({
      candidates: [],
      opinion: "it rounds\ndown",
      reason: "root thinks: it rounds down",
    });
    expect(opinion.cursor).toBeUndefined();
    const two = await desk();
    await two.answer("give up");
    expect(await two.human.propose(two.request)).toMatchObject({
      candidates: [],
      answer: { kind: "nothing", by: "root" },
    });
  });

  test.each([
    ["I do not know", "neither a block"],
    ["```update a.py\n<<<< old\nc = 3\n==== new\nc = 4\n>>>> end\n```", "a.py: old_str does not occur"],
    ["```new_content a.py\na = bad\nb = 2\n```", "changes nothing"],
    ["```new_content ../out.py\nx\n```", "../out.py"],
    ["a\0b", "NUL"],
    ["x".repeat(256 * 1024 + 1), "larger than"],
  ])("complains of %.60j, and takes what is mended", async (text, complaint) => {
    const { human, request, answer, problem, place } = await desk();
    await answer(text);
    await expect(human.propose(request)).rejects.toMatchObject({ fault: { code: "waiting-for-signal" } });
    expect(await problem()).toContain(complaint);
    await answer(change);
    expect((await human.propose(request)).candidates).toHaveLength(1);
    expect(await readdir(dirname(place.inbox))).toEqual([]);
  });

  test("waits for no pipe", async () => {
    const { human, request, place, problem } = await desk();
    await mkdir(dirname(place.outbox), { recursive: true });
    execFileSync("mkfifo", [place.outbox]);
    await expect(human.propose(request)).rejects.toMatchObject({ fault: { code: "waiting-for-signal" } });
    expect(await problem()).toContain("not an ordinary file");
  });

  test("follows no link", async () => {
    const { human, request, place, answer, problem } = await desk();
    await answer(change);
    await rm(place.outbox);
    await writeFile(`${place.outbox}.target`, change);
    await symlink(`${place.outbox}.target`, place.outbox);
    await expect(human.propose(request)).rejects.toMatchObject({ fault: { code: "waiting-for-signal" } });
    expect(await problem()).toContain("links are not followed");
  });

  test("waits as long as it was told, and takes what appears then when it is complete", async () => {
    const { human, request, place, answer } = await desk({ waitMsMax: 600_000, pollMs: 1 });
    const waiting = human.propose(request);
    while ((await readFile(place.inbox, "utf8").catch(() => "")) === "") await new Promise(setImmediate);
    await answer(change);
    expect((await waiting).answer?.kind).toBe("patch");
    const controller = new AbortController();
    const other = await desk({ waitMsMax: 600_000 });
    const interrupted = other.human.propose({ ...other.request, signal: controller.signal });
    controller.abort();
    await expect(interrupted).rejects.toMatchObject({ fault: { code: "interrupted" } });
  });

  test("at a terminal answers at once, is told what is wrong, and may leave", async () => {
    const shown: string[] = [];
    const typed: Typed[] = [
      { kind: "text", text: "hm" },
      { kind: "text", text: "file /nowhere/at/all" },
      { kind: "text", text: change },
    ];
    const ask = async (text: string): Promise<Typed> => {
      shown.push(text);
      return typed.shift() ?? { kind: "left" };
    };
    const { human, request } = await desk({ terminal: { ask } });
    expect((await human.propose(request)).answer).toMatchObject({ kind: "patch", via: "terminal" });
    expect(shown).toEqual([
      expect.stringContaining("Which change"),
      expect.stringContaining("neither a block"),
      expect.stringContaining("no such file"),
    ]);
    await expect(human.propose(request)).rejects.toMatchObject({ fault: { code: "waiting-for-signal" } });
  });

  test("shows what was tried before and what became of it", async () => {
    const { human, request, place } = await desk(
      {},
      {
        earlier: [
          {
            candidate: { id: "c1", edits: [], provenance: { proposer: "search", method: "flip", summary: "flip it" } },
            diff: "-a\n+b\n",
            verdict: {
              kind: "rejected",
              reasons: [{ code: "test-failed", detail: "test_a is still red", subjects: [] }],
              evidence: [],
              level: "in-process",
            },
            failures: [],
          },
        ],
      },
    );
    await human.propose(request).catch(() => undefined);
    const question = await readFile(place.inbox, "utf8");
    expect(question).toContain("search (flip): flip it");
    expect(question).toContain("rejected: test_a is still red");
    expect(question).toContain("```diff\n-a\n+b\n```");
  });
});
