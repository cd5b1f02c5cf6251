import { describe, expect, test } from "vitest";
import type { SandboxSession } from "#ports";
import { relay } from "./relay.ts";
import { readTold } from "./relay-outcome.ts";

/** A command that says the next of its lines each time it hears one, `first` before that, and ends when it has no more. */
function scripted(
  first: readonly string[],
  answers: readonly string[],
  stays = false,
): SandboxSession & { heard: string[] } {
  const heard: string[] = [];
  const waiting: (() => void)[] = [];
  async function* lines() {
    yield* first;
    for (const [index, answer] of answers.entries()) {
      while (heard.length <= index) await new Promise<void>((resolve) => waiting.push(resolve));
      yield answer;
    }
    if (stays) await new Promise<void>(() => {});
  }
  return {
    heard,
    isolation: undefined as never,
    send(line) {
      heard.push(line);
      for (const wake of waiting.splice(0)) wake();
    },
    lines: lines(),
    ended: new Promise(() => {}),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Each line only after everybody else had their turn. */
async function* slowly(lines: AsyncIterable<string>) {
  for await (const line of lines) {
    await new Promise(setImmediate);
    yield line;
  }
}

const bounds = { frameBytesMax: 10, wallMsMax: 5_000 };

describe("relay", () => {
  test("carries frames in turns until the examiner's last word", async () => {
    const examiner = scripted([">ask"], [">more", "=done"]);
    const candidate = scripted([], ["one", "two"], true);
    expect(await relay({ examiner, candidate, ...bounds })).toEqual({ kind: "told", line: "done" });
    expect([examiner.heard, candidate.heard]).toEqual([
      ["one", "two"],
      ["ask", "more"],
    ]);
  });

  test("ends at a frame that nobody waits for, and keeps it for nobody", async () => {
    const examiner = scripted([], [], true);
    const end = await relay({ examiner, candidate: scripted(["forged"], [], true), ...bounds });
    expect([end, examiner.heard]).toEqual([{ kind: "out-of-turn" }, []]);
  });

  test("ends at a frame that is too long, counted in bytes", async () => {
    const candidate = scripted([], ["ü".repeat(6)], true);
    expect(await relay({ examiner: scripted([">ask"], [], true), candidate, ...bounds })).toEqual({ kind: "flood" });
  });

  test("leaves to the examiner what the last answer of a candidate was worth that ended behind it", async () => {
    const examiner = scripted([">ask"], ["=done"]);
    const slow = { ...examiner, lines: slowly(examiner.lines) };
    expect(await relay({ examiner: slow, candidate: scripted([], ["one"]), ...bounds })).toEqual({
      kind: "told",
      line: "done",
    });
    const asksMore = scripted([">ask"], [">more"], true);
    expect(
      await relay({
        examiner: { ...asksMore, lines: slowly(asksMore.lines) },
        candidate: scripted([], ["one"]),
        ...bounds,
      }),
    ).toEqual({ kind: "candidate-ended" });
  });

  test("tells who ended first, and the clock's end", async () => {
    const silent = () => scripted([], [], true);
    expect(await relay({ examiner: silent(), candidate: scripted([], []), ...bounds })).toEqual({
      kind: "candidate-ended",
    });
    expect(await relay({ examiner: scripted([], []), candidate: silent(), ...bounds })).toEqual({
      kind: "examiner-ended",
    });
    const late = { examiner: silent(), candidate: silent(), frameBytesMax: 10 };
    expect(await relay({ ...late, wallMsMax: 1 })).toEqual({ kind: "late" });
    expect(await relay({ ...late, wallMsMax: 5_000, signal: AbortSignal.abort() })).toEqual({ kind: "cancelled" });
  });
});

describe("the examiner's last word", () => {
  const word = { secret: "s", outcome: { kind: "passed" }, calls: 1, cpuMs: 0 };
  test("counts with this check's secret only", () => {
    expect(readTold(JSON.stringify(word), "s")).toEqual(word);
    expect(readTold(JSON.stringify(word), "other")).toBeUndefined();
    for (const line of ["", "{}", "null", JSON.stringify({ ...word, calls: -1 })])
      expect(readTold(line, "s")).toBeUndefined();
  });
});
