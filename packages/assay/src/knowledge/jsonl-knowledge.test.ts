import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lesson } from "@assay/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { JsonlKnowledge, knowledgePath } from "./jsonl-knowledge.ts";

const lesson = (more: Partial<Lesson> = {}): Lesson => ({
  version: 1,
  at: 1,
  language: "python",
  category: "assertion",
  proposer: "search",
  tried: {},
  accepted: [],
  refused: [],
  survived: [],
  refuted: [],
  wallMs: 1,
  costMicroUsd: 0,
  ...more,
});
const about = { language: "python", category: "assertion" as const, method: "arith" };

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "assay-knowledge-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));
const opened = () => new JsonlKnowledge(join(home, "deep/knowledge.jsonl"));

describe("the knowledge kept in a file", () => {
  test("is empty at first, and then what was added, also by others at the same time", async () => {
    expect(await opened().lessons()).toEqual([]);
    expect((await opened().read()).weight(about, 0.3)).toBe(0.3);
    const methods = Array.from({ length: 30 }, (_, index) => `m${index}`);
    await Promise.all(methods.map((method) => opened().add([lesson({ accepted: [method] })])));
    const kept = (await opened().lessons()).map(({ accepted }) => accepted[0]);
    expect(kept.toSorted()).toEqual(methods.toSorted());
    expect((await stat(opened().path)).mode & 0o777).toBe(0o600);
  });

  test("gives the same for a moment whatever was added since", async () => {
    const knowledge = opened();
    const seen = lesson({ tried: { arith: 60, cmp: 200 }, accepted: ["arith"] });
    await knowledge.add([seen]);
    const then = await knowledge.read();
    await knowledge.add([seen]);
    const again = await opened().read(then.moment);
    expect(again.weight(about, 0.3)).toBe(then.weight(about, 0.3));
    expect((await opened().read()).weight(about, 0.3)).toBeGreaterThan(then.weight(about, 0.3));
  });

  test("skips what was cut off, or is of a later version, and goes on behind it", async () => {
    const knowledge = opened();
    await knowledge.add([lesson({ accepted: ["a"] })]);
    await appendFile(knowledge.path, '{"version":2}\nnot json\n{"version":1,"acc');
    await knowledge.add([lesson({ accepted: ["b"] })]);
    expect((await knowledge.lessons()).map(({ accepted }) => accepted)).toEqual([["a"], ["b"]]);
    expect((await readFile(knowledge.path, "utf8")).endsWith("\n")).toBe(true);
  });

  test("forgets everything, and says how much that was", async () => {
    const knowledge = opened();
    await knowledge.add([lesson(), lesson()]);
    expect(await knowledge.reset()).toBe(2);
    expect(await knowledge.reset()).toBe(0);
    expect(await knowledge.lessons()).toEqual([]);
  });

  test("says so where nothing can be kept", async () => {
    await writeFile(join(home, "deep"), "a file where a folder should be");
    await expect(opened().add([lesson()])).rejects.toMatchObject({ fault: { code: "state-not-writable" } });
    expect(await opened().lessons()).toEqual([]);
  });

  test("lies where XDG asks", () => {
    expect(knowledgePath({ HOME: "/h" })).toBe("/h/.local/state/assay/knowledge.jsonl");
    expect(knowledgePath({ HOME: "/h", XDG_STATE_HOME: "/s" })).toBe("/s/assay/knowledge.jsonl");
    expect(knowledgePath({ HOME: "/h", XDG_STATE_HOME: "s" })).toBe("/h/.local/state/assay/knowledge.jsonl");
  });
});
