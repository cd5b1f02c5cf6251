import { describe, expect, test } from "vitest";
import { seccompFilter, seccompProgram } from "./filter.ts";
import type { Instruction } from "./instruction.ts";
import { auditArchitecture, type FilterArchitecture, inspectedCalls, numberOf, refusedCalls } from "./system-calls.ts";

const allow = 0x7fff0000;
const kill = 0x80000000;
const refused = (errno: number) => 0x00050000 | errno;

type Call = { architecture: number; number: number; args?: number[] };

/** The kernel's interpreter for the four kinds of instruction that a filter here is made of. */
function answerTo(program: readonly Instruction[], { architecture, number, args = [] }: Call): number {
  let word = 0;
  for (let at = 0; at < program.length; at++) {
    const { code, jumpTrue, jumpFalse, k } = program[at] as Instruction;
    if (code === 0x06) return k;
    if (code === 0x20) word = k === 0 ? number : k === 4 ? architecture : (args[(k - 16) / 8] ?? 0);
    else if (code === 0x15) at += word === k ? jumpTrue : jumpFalse;
    else if (code === 0x35) at += word >= k ? jumpTrue : jumpFalse;
    else if (code === 0x45) at += (word & k) !== 0 ? jumpTrue : jumpFalse;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error("fell off the end");
}

describe.each<FilterArchitecture>(["x64", "arm64"])("the filter for %s", (name) => {
  const program = seccompProgram(name);
  const architecture = auditArchitecture[name];
  const answer = (number: number, ...args: number[]) => answerTo(program, { architecture, number, args });
  const inspected = (call: keyof typeof inspectedCalls) => numberOf<number>(inspectedCalls[call], name);

  test("refuses every call of its table and allows reading, writing and exiting", () => {
    for (const numbers of Object.values(refusedCalls)) {
      const number = numberOf(numbers, name);
      if (number !== undefined) expect(answer(number)).toBe(refused(1));
    }
    for (const number of name === "x64" ? [0, 1, 60, 231] : [63, 64, 93, 94]) expect(answer(number)).toBe(allow);
  });

  test("kills what calls by another architecture's numbers", () => {
    expect(answerTo(program, { architecture: 0x40000003, number: 1 })).toBe(kill);
  });

  test("lets processes and threads be made, but no namespaces", () => {
    expect(answer(inspected("clone"), 17)).toBe(allow);
    expect(answer(inspected("clone"), 0x003d0f00)).toBe(allow);
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]) {
      expect(answer(inspected("clone"), flag | 17)).toBe(refused(1));
    }
    expect(answer(inspected("clone3"))).toBe(refused(38));
  });

  test("allows only local sockets and the loopback's families", () => {
    for (const family of [1, 2, 10, 16]) expect(answer(inspected("socket"), family)).toBe(allow);
    for (const family of [0, 17, 31, 38, 40]) expect(answer(inspected("socket"), family)).toBe(refused(97));
    expect(answer(inspected("socketpair"), 1)).toBe(allow);
  });

  test("refuses to type into a terminal, and allows to ask for its size", () => {
    expect(answer(inspected("ioctl"), 0, 0x5412)).toBe(refused(1));
    expect(answer(inspected("ioctl"), 0, 0x5413)).toBe(allow);
  });

  test("is within the kernel's 4,096 instructions, eight bytes each", () => {
    expect(program.length).toBeLessThan(4096);
    expect(seccompFilter(name).length).toBe(program.length * 8);
  });
});

test("the x86-64 filter kills the x32 numbers, which its table does not know", () => {
  const call = { architecture: auditArchitecture.x64, number: 0x40000000 | 101 };
  expect(answerTo(seccompProgram("x64"), call)).toBe(kill);
});
