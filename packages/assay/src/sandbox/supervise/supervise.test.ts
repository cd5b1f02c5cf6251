import { describe, expect, test } from "vitest";
import { functionLimits } from "#domain";
import type { ProcessTree } from "./process-tree.ts";
import { startProcess } from "./start-process.ts";
import { type Supervised, supervise } from "./supervise.ts";

/** A tree of one process that counts how often it is killed. */
class CountedTree implements ProcessTree {
  kills = 0;
  members(): number[] {
    return [];
  }
  kill(): void {
    this.kills++;
  }
  async sweep(): Promise<void> {}
}

function superviseTrue(tree: ProcessTree, signal?: AbortSignal): Supervised {
  return supervise({
    process: startProcess({ file: process.execPath, args: ["--version"], env: {} }),
    limits: functionLimits,
    stdin: "",
    signal,
    tree,
    guards: [],
    onChannel: () => undefined,
    onStatus: () => undefined,
    interpret: ({ code }) => ({ kind: "exited", code: code ?? -1 }),
  });
}

describe("a supervised process", () => {
  test("that has ended is sent no signal, however late it is stopped", async () => {
    const tree = new CountedTree();
    const abort = new AbortController();
    const running = superviseTrue(tree, abort.signal);
    expect((await running.ended).termination).toEqual({ kind: "exited", code: 0 });
    running.stop({ kind: "cancelled" });
    abort.abort();
    expect(tree.kills).toBe(0);
  });

  test("that runs is killed when it is stopped", async () => {
    const tree = new CountedTree();
    const running = superviseTrue(tree);
    running.stop({ kind: "cancelled" });
    expect(tree.kills).toBe(1);
    expect((await running.ended).termination).toEqual({ kind: "cancelled" });
  });
});
