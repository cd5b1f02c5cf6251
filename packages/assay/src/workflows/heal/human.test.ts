import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { nothingSpent } from "#domain";
import type { Proposer } from "#ports";
import { HumanProposer } from "#proposers";
import { madeUpProject, type PanelParts } from "../../../test/support/made-up-project.ts";

const person = ({ state, workspaces, blobs }: PanelParts) =>
  new HumanProposer({ directory: state, workspaces, blobs, user: "ada" });

const update = (to: string) => `\`\`\`update a.py\n<<<< old\na = bad\n==== new\na = ${to}\n>>>> end\n\`\`\`\n`;

async function answer(events: readonly RunEvent[], text: string) {
  const asked = events.findLast((event) => event.type === "person-asked");
  const outbox = asked?.outbox ?? "";
  await mkdir(dirname(outbox), { recursive: true });
  await writeFile(outbox, text);
}

const count = (events: readonly RunEvent[], type: RunEvent["type"]) =>
  events.filter((event) => event.type === type).length;

describe("healing with a person as proposer", () => {
  test("pauses until they answer, tells them what became of it, and judges what they wrote like anything else", async () => {
    await using project = await madeUpProject((parts) => [person(parts)]);
    const { engine } = project;
    const { run, result } = await project.start();
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "waiting-for-signal" } });
    const read = async () => (await engine.read(run)).events;
    expect((await engine.resume(run)).result.outcome).toBe("paused");
    expect(count(await read(), "person-asked")).toBe(1);

    await answer(await read(), update("worse"));
    expect((await engine.resume(run)).result).toMatchObject({ outcome: "paused", exitCode: 5 });
    const rejected = await read();
    expect(rejected).toContainEqual(
      expect.objectContaining({ type: "verdict-reached", verdict: expect.objectContaining({ kind: "rejected" }) }),
    );
    expect([count(rejected, "person-asked"), count(rejected, "person-answered")]).toEqual([2, 1]);

    await answer(rejected, `---\nby: Grace\n---\n${update("good")}`);
    const end = await engine.resume(run);
    expect(end.result).toMatchObject({
      outcome: "accepted",
      exitCode: 0,
      patch: { provenance: { proposer: "human", method: "Grace" } },
    });
    const answered = (await read()).filter((event) => event.type === "person-answered");
    expect(answered.map(({ by, kind, via }) => ({ by, kind, via }))).toEqual([
      { by: "ada", kind: "patch", via: "outbox" },
      { by: "Grace", kind: "patch", via: "outbox" },
    ]);
  });

  test("does not believe a person more than a model: without controls the level is too low", async () => {
    await using project = await madeUpProject((parts) => [person(parts)], { minLevel: undefined });
    const { run } = await project.start();
    await answer((await project.engine.read(run)).events, update("good"));
    await project.engine.resume(run);
    const verdict = (await project.engine.read(run)).events.find((event) => event.type === "verdict-reached");
    expect(verdict).toMatchObject({ verdict: { kind: "inconclusive", reasons: [{ code: "level-too-low" }] } });
  });

  test("hands an opinion on to whoever is asked next, and asks that person no more", async () => {
    const briefs: (string | undefined)[] = [];
    const model: Proposer = {
      name: "model",
      async propose({ brief }) {
        briefs.push(brief);
        return { candidates: [], tried: 0, spent: nothingSpent, suspects: [] };
      },
    };
    await using project = await madeUpProject((parts) => [person(parts), model]);
    const { run } = await project.start();
    await answer((await project.engine.read(run)).events, "opinion: it should be good");
    expect((await project.engine.resume(run)).result.outcome).toBe("not-found");
    expect(briefs).toEqual(["A person thinks: it should be good"]);
  });

  test("never takes an answer twice: what was recorded counts, whatever becomes of the file", async () => {
    await using project = await madeUpProject((parts) => [person(parts)]);
    const { run } = await project.start();
    const { events } = await project.engine.read(run);
    await answer(events, update("worse"));
    await project.engine.resume(run);
    await answer(events, update("good"));
    expect((await project.engine.resume(run)).result.outcome).toBe("paused");
    const after = (await project.engine.read(run)).events;
    expect(count(after, "candidate-proposed")).toBe(1);
    expect(count(after, "person-answered")).toBe(1);
  });
});
