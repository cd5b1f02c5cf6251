import { type AuditEntry, auditEntrySchema, type Digest, type RunEvent, type RunEventBody } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { digestOf } from "#ports";
import { MemoryBlobs } from "#store";
import { auditText } from "./audit-text.ts";
import { auditTrail } from "./audit-trail.ts";
import { checkDigests } from "./check-digests.ts";

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const trailOf = (...bodies: RunEventBody[]): AuditEntry[] =>
  auditTrail(
    bodies.map((body, index): RunEvent => ({ ...body, seq: index + 1, at })),
    new Map(),
  );
const [one, two, three] = ["one", "two", "three"].map((text) => digestOf(text)) as [Digest, Digest, Digest];

const call: RunEventBody = {
  type: "model-asked",
  proposer: "model",
  model: "anthropic/claude",
  prompt: "heal-assertion@1",
  promptDigest: one,
  answerDigest: two,
  end: "complete",
  inputTokens: 1200,
  outputTokens: 80,
  cachedInputTokens: 0,
  costMicroUsd: 4800,
  estimated: false,
  wallMs: 900,
  outcome: "edit: update",
};

describe("the audit trail", () => {
  test("says who was chosen and why, and what a model was asked, answered and cost", () => {
    const [chosen, asked] = trailOf(
      {
        type: "proposer-chosen",
        proposer: "model",
        instance: "anthropic/claude",
        router: "fixed",
        reasons: ["cheapest", "one file"],
      },
      call,
    );
    expect(chosen).toMatchObject({
      seq: 1,
      time: "2026-01-02T03:04:05.000Z",
      actor: "router:fixed",
      action: "proposer-chosen",
      subject: "model:anthropic/claude",
      detail: "cheapest; one file",
    });
    expect(asked).toMatchObject({
      actor: "model:anthropic/claude",
      action: "answered",
      subject: "heal-assertion@1",
      detail: "edit: update; 1200 tokens in, 80 out, 0.0048 US dollars",
      facts: { inputTokens: 1200, outputTokens: 80, costMicroUsd: 4800 },
      digests: [
        { name: "prompt", digest: one },
        { name: "answer", digest: two },
      ],
    });
  });

  test("has a line for each ballot, abstentions too, before what the council made of them", () => {
    const trail = trailOf({
      type: "council-ranked",
      ranking: [
        {
          candidate: "c2",
          sameChange: [],
          change: one,
          bordaPoints: 3,
          linesChanged: 1,
          nodesChanged: 2,
          filesChanged: 1,
          evidence: [two],
        },
      ],
      ballots: [
        { judge: "openai/gpt", leftOut: [], order: ["c2", "c1"], reversed: ["c2", "c1"] },
        { judge: "local/qwen", leftOut: [], abstained: "its order changed with the presentation" },
      ],
      agreement: 1,
      method: "kemeny",
      reasons: ["smallest", "agreed"],
    });
    expect(trail.map(({ seq, actor, action, subject }) => [seq, actor, action, subject])).toEqual([
      [1, "judge:openai/gpt", "voted", "council"],
      [1, "judge:local/qwen", "abstained", "council"],
      [1, "council", "ranked", "c2"],
    ]);
  });

  test("names who approved or rejected which change, as whom and why", () => {
    const value = { approved: false, by: "Ada", hostUser: "ada", note: "too late", patch: three };
    expect(trailOf({ type: "signal-received", name: "approval", value })).toMatchObject([
      {
        actor: "person:Ada",
        action: "rejected",
        subject: three,
        detail: "as ada: too late",
        digests: [{ name: "patch", digest: three }],
      },
    ]);
    const key = { id: "k1", name: "release bot", tenant: "acme" };
    expect(
      trailOf({ type: "signal-received", name: "approval", value: { approved: true, by: "root", key, patch: three } }),
    ).toMatchObject([
      { actor: "person:root", detail: "by key k1 “release bot” of tenant acme", facts: { by: "root", key } },
    ]);
    expect(trailOf({ type: "signal-received", name: "approval", value: { approved: "yes" } })).toMatchObject([
      { actor: "person", action: "signal-sent", subject: "approval", detail: '{"approved":"yes"}' },
    ]);
  });

  test("says of a result whether the change was applied, and else why not", () => {
    const result = { type: "result", outcome: "accepted", exitCode: 0, summary: "Healed." } as const;
    const actions = (body: RunEventBody) => trailOf(body).map(({ action, detail }) => `${action}: ${detail}`);
    expect(actions({ ...result, applied: true })[0]).toBe("patch-applied: written to the project's tree");
    const fault = { code: "tree-changed", message: "the tree went on" } as const;
    expect(actions({ ...result, applied: false, fault })).toEqual([
      "patch-not-applied: the tree went on",
      "run-ended: Healed.",
    ]);
    expect(actions(result)).toEqual(["run-ended: Healed."]);
  });

  test("is what its schema says, in the order of the journal", () => {
    const trail = trailOf(
      {
        type: "run-started",
        workflow: "heal",
        workflowVersion: 1,
        assayVersion: "1",
        goal: { kind: "heal", root: "/p", tests: [], apply: false },
      },
      { type: "lease-claimed", owner: "4711" },
      { type: "step-finished", key: "a", inputDigest: one, durationMs: 1 },
      { type: "person-asked", signal: "s", question: "proposal", inbox: "/i", outbox: "/o" },
      {
        type: "person-answered",
        signal: "s",
        kind: "opinion",
        by: "Ada",
        via: "outbox",
        questionDigest: one,
        answerDigest: two,
      },
      {
        type: "candidate-proposed",
        candidate: "c",
        patch: three,
        diff: "-",
        provenance: { proposer: "human", method: "Ada", summary: "s" },
      },
      { type: "budget-settled", scope: "search", reserved: {}, spent: { candidates: 3, wallMs: 0 } },
      { type: "artifact-written", kind: "report", path: "/r", digest: one },
      { type: "run-paused", fault: { code: "budget-exhausted", message: "no more" } },
    );
    for (const entry of trail) expect(auditEntrySchema.parse(entry)).toEqual(entry);
    expect(trail.map(({ seq, actor }) => `${seq} ${actor}`)).toEqual([
      "1 user",
      "2 process",
      "4 assay",
      "5 person:Ada",
      "6 person:Ada",
      "7 engine",
      "9 engine",
    ]);
  });
});

describe("what a trail names", () => {
  test("is intact, missing or changed, in the store and in files", async () => {
    const blobs = new MemoryBlobs();
    await blobs.put("one");
    const written = (path: string): RunEventBody => ({ type: "artifact-written", kind: "patch", path, digest: three });
    const trail = trailOf(call, written("/same"), written("/other"), written("/none"));
    const files: Record<string, string> = { "/same": "three", "/other": "threes" };
    const file = async (path: string) => (files[path] === undefined ? undefined : Buffer.from(files[path]));
    const checked = await checkDigests(trail, { blobs, file });
    expect(checked.flatMap(({ digests }) => digests.map(({ state }) => state))).toEqual([
      "intact",
      "missing",
      "intact",
      "changed",
      "missing",
    ]);
    const text = auditText(checked).join("\n");
    expect(text).toContain(`MISSING: answer ${two}`);
    expect(text).toContain(`CHANGED: patch ${three} /other`);
  });

  test("is shown without what draws on the screen", () => {
    const [line] = auditText(trailOf({ type: "note", level: "info", message: "a\u001b[2Jb\nc" })).slice(1);
    expect(line?.trim()).toBe("ab c");
  });
});
