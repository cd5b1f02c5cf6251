import { expect, it } from "vitest";
import { conclude } from "./conclude.ts";
import type { ToldByZygote } from "./zygote-messages.ts";

const limits = { wallMsMax: 5_000, cpuMsMax: 1_000, memoryBytesMax: 1, processesMax: 1, frameBytesMax: 1 };
const told: ToldByZygote = {
  id: 1,
  by: "zygote",
  candidate: -9,
  examiner: 0,
  timedOut: false,
  outOfMemory: false,
  cpuMs: 10,
  wallMs: 20,
  examined: { kind: "passed" },
  calls: 1,
};

const cases: [title: string, changes: Partial<ToldByZygote>, outcome: object][] = [
  ["a pass is what the examiner says of it", {}, { kind: "passed" }],
  ["no pass without the examiner's word, whatever its exit code", { examined: undefined }, { kind: "fault" }],
  ["no pass after the time was up", { timedOut: true }, { kind: "timed-out", by: "wall" }],
  ["processor time over the limit decides", { timedOut: true, cpuMs: 1_000 }, { kind: "timed-out", by: "cpu" }],
  ["memory of all its processes together ends it", { outOfMemory: true }, { kind: "out-of-memory" }],
  ["the kernel's limit on it, too", { examined: { kind: "gone" }, candidate: -24 }, { kind: "timed-out", by: "cpu" }],
  ["a candidate killed by nobody here ran out of memory", { examined: { kind: "gone" } }, { kind: "out-of-memory" }],
  [
    "so did one that said so",
    { examined: { kind: "failed", type: "MemoryError", message: "" } },
    { kind: "out-of-memory" },
  ],
  ["an exit is a crash", { examined: { kind: "gone" }, candidate: 0 }, { kind: "crashed" }],
  ["a signal of its own is a crash", { examined: { kind: "gone" }, candidate: -11 }, { kind: "crashed" }],
];
it.each(cases)("%s", (_, changes, outcome) => {
  expect(conclude({ ...told, ...changes }, limits)).toMatchObject(outcome);
});
