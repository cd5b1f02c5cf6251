import { PassThrough } from "node:stream";
import type { RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import type { Driven } from "#app";
import { runId } from "#domain";
import { askApproval } from "./ask-approval.ts";

const asked = { type: "person-asked", signal: "approval", question: "approval", seq: 1, at: 0 } as const;
const paused: Driven = {
  runId: runId("heal-00000000"),
  result: { type: "result", outcome: "paused", exitCode: 5, summary: "waits" },
};
const gone: Driven = { ...paused, result: { ...paused.result, outcome: "accepted", exitCode: 0 } };

/** Asks with this typed at the terminal; gives what was decided and how the run ended. */
async function decide(typed: string | undefined, events: RunEvent[] = [asked], before = paused) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const controller = new AbortController();
  const decisions: boolean[] = [];
  const project = {
    events: async () => events,
    approve: async (_run: unknown, { approved }: { approved: boolean }) => {
      decisions.push(approved);
      return undefined as never;
    },
  };
  const asking = askApproval(project, before, { input, output, signal: controller.signal }, async () => gone);
  if (typed === undefined) controller.abort();
  else input.end(typed);
  const { result } = await asking;
  return { decisions, outcome: result.outcome, shown: output.read()?.toString() ?? "" };
}

describe("somebody at the terminal", () => {
  test.each([
    ["y\n", true],
    ["Yes\n", true],
    ["n\n", false],
    ["no\n", false],
  ])("who says %j decides, and the run goes on", async (typed, approved) => {
    const { decisions, outcome, shown } = await decide(typed);
    expect({ decisions, outcome }).toEqual({ decisions: [approved], outcome: "accepted" });
    expect(shown).toContain("[y/n]");
  });

  test.each(["maybe\n", "\n", "", undefined])(
    "who says %j has decided nothing, and the run still waits",
    async (typed) => {
      expect(await decide(typed)).toMatchObject({ decisions: [], outcome: "paused" });
    },
  );

  test("is not asked about a run that waits for something else, or is finished", async () => {
    expect(await decide("y\n", [])).toMatchObject({ decisions: [], shown: "" });
    expect(await decide("y\n", [{ ...asked, signal: "other" }])).toMatchObject({ decisions: [], shown: "" });
    expect(await decide("y\n", [asked], gone)).toMatchObject({ decisions: [], shown: "" });
  });
});
