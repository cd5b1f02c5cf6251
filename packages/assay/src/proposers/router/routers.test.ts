import type { ClassifiedFailure, ErrorCategory, Lesson } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultHealBudget, nothingSpent } from "#domain";
import type { Knowledge, RouteQuestion, Seat } from "#ports";
import { FixedRouter } from "./fixed-router.ts";
import { InOrderRouter } from "./in-order-router.ts";
import { LearnedRouter } from "./learned-router.ts";

function seat(name: Seat["name"], more: Partial<Seat> = {}): Seat {
  return { name, open: true, batches: 0, checked: 0, faults: 0, spent: nothingSpent, ...more };
}

function question(seats: Seat[], category: ErrorCategory = "assertion"): RouteQuestion {
  const failure: ClassifiedFailure = {
    category,
    tests: ["t"],
    failure: { type: "E", message: "m", frames: [] },
    environment: false,
    fixability: { score: 1, reasons: [] },
    suggestedMethod: "update",
  };
  return { seats, language: "python", failures: [failure], suspectLines: 1, remaining: defaultHealBudget };
}

const cheap = () => seat("model", { instance: "a/cheap", usdPerMillionTokens: 0.2 });
const strong = () => seat("model", { instance: "b/strong", usdPerMillionTokens: 9 });
const unpriced = () => seat("model", { instance: "c/unpriced" });

async function order(seats: Seat[], category?: ErrorCategory): Promise<string[]> {
  const names: string[] = [];
  while (seats.some(({ open }) => open)) {
    const { seat: at, reasons } = await new FixedRouter().choose(question(seats, category));
    const chosen = seats[at];
    if (chosen === undefined) throw new Error("no such seat");
    expect(reasons.length).toBeGreaterThan(0);
    names.push(chosen.instance ?? chosen.name);
    chosen.batches += 1;
    chosen.open = chosen.name === "search" && chosen.batches < 5;
  }
  return names;
}

describe("the router by rules", () => {
  test("asks the search a while, then models by price, then agents, the search again, and people last", async () => {
    const seats = [seat("human"), strong(), unpriced(), seat("agent"), cheap(), seat("search"), seat("recent-hunks")];
    expect(await order(seats)).toEqual([
      "recent-hunks",
      ...["search", "search", "search"],
      ...["a/cheap", "b/strong", "c/unpriced"],
      "agent",
      ...["search", "search"],
      "human",
    ]);
  });

  test("asks models first for what one edit seldom mends", async () => {
    expect(await order([seat("search"), cheap()], "memory")).toEqual(["a/cheap", ...Array(5).fill("search")]);
  });

  test("chooses one that is open, whoever is there", () => {
    const names = fc.constantFrom("recent-hunks", "search", "model", "agent", "human") as fc.Arbitrary<Seat["name"]>;
    const seats = fc.array(fc.record({ name: names, open: fc.boolean(), batches: fc.nat(6) }), { minLength: 1 });
    return fc.assert(
      fc.asyncProperty(seats, async (drawn) => {
        const all = drawn.map(({ name, ...more }) => seat(name, more));
        fc.pre(all.some(({ open }) => open));
        for (const router of [new FixedRouter(), new InOrderRouter(), new LearnedRouter(undefined)]) {
          expect(all[(await router.choose(question(all))).seat]?.open).toBe(true);
        }
      }),
    );
  });
});

describe("the router that learned", () => {
  const lesson = (instance: string, accepted: boolean, costMicroUsd: number): Lesson => ({
    version: 1,
    at: 0,
    language: "python",
    category: "assertion",
    proposer: "model",
    instance,
    tried: { update: 1 },
    accepted: accepted ? ["update"] : [],
    refused: accepted ? [] : ["update"],
    survived: [],
    refuted: [],
    wallMs: 0,
    costMicroUsd,
  });
  const knowing = (lessons: Lesson[]) => new LearnedRouter({ lessons: async () => lessons } as unknown as Knowledge);

  test("prefers the dearer model where the cheap one never heals", async () => {
    const lessons = [
      ...Array.from({ length: 20 }, () => lesson("a/cheap", false, 1000)),
      ...Array.from({ length: 20 }, () => lesson("b/strong", true, 9000)),
    ];
    const { seat: at, reasons } = await knowing(lessons).choose(question([cheap(), strong()]));
    expect(at).toBe(1);
    expect(reasons[0]).toContain("b/strong healed 20 of 20");
  });

  test("prefers the cheap one where both heal", async () => {
    const lessons = ["a/cheap", "b/strong"].flatMap((instance) =>
      Array.from({ length: 20 }, () => lesson(instance, true, instance === "a/cheap" ? 1000 : 9000)),
    );
    expect((await knowing(lessons).choose(question([strong(), cheap()]))).seat).toBe(1);
  });

  test("decides by the rules, and says so, where it knows too little", async () => {
    const { seat: at, reasons } = await knowing([lesson("b/strong", true, 1)]).choose(question([cheap(), strong()]));
    expect(at).toBe(0);
    expect(reasons.at(-1)).toContain("too little was learned");
  });
});
