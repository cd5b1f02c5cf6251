import { raise } from "#domain";
import type { Seeded } from "./seeded.ts";
import type { Alteration, Assertion, Splice, TestPart, TestUnit } from "./test-unit.ts";

/** An altered copy: what is altered, and which parts of the test must fail for it. */
export type Control = { splices: readonly Splice[]; altered: readonly { path: readonly string[]; says: string }[] };

/** Several for a test that matters, one for any other. */
export type Effort = "several" | "one";

/**
 * Alterations of a test's assertions. Nothing about the set of copies may tell which is the original: were each control altered
 * in one place of its own, the original would be what most copies agree on. So it is either one place with several values, or
 * two places in all four combinations, of which the original is one.
 */
export function chooseControls(unit: TestUnit, effort: Effort, random: Seeded): Control[] {
  const parts = unit.parts.map((part) => ({ part, ways: waysOf(part, random) })).filter(({ ways }) => ways.length > 0);
  const [only] = parts;
  if (only === undefined) return [];
  if (unit.parts.length > 1) {
    // Each subtest has to fail by itself, in the same copy; the test around them fails with them.
    const chosen = parts.map(({ part, ways }) => ({
      path: part.path,
      alteration: best(random.pick(ways) ?? []),
    }));
    const altered = chosen.map(({ path, alteration }) => ({ path, says: alteration.says }));
    const outer = altered.some(({ path }) => path.length === 0) ? [] : [{ path: [], says: "subtests altered" }];
    return [{ splices: chosen.map(({ alteration }) => alteration.splice), altered: [...outer, ...altered] }];
  }
  const { path } = only.part;
  const control = (...alterations: Alteration[]): Control => ({
    splices: alterations.map(({ splice }) => splice),
    altered: [{ path, says: alterations.map(({ says }) => says).join("; ") }],
  });
  if (effort === "one") return [control(best(random.pick(only.ways) ?? []))];
  if (only.ways.length === 1) return (only.ways[0] ?? []).map((alteration) => control(alteration));
  const [one, other] = twoOf(only.ways, random).map(best);
  if (one === undefined || other === undefined) return [];
  // Two assertions on one literal (of a loop's list, say) cannot be altered at once.
  if (one.splice.start < other.splice.end && other.splice.start < one.splice.end) return [control(one)];
  return [control(one), control(other), control(one, other)];
}

/** For each assertion that can be altered its alterations; of those sure to be executed if there are any. */
function waysOf({ assertions }: TestPart, random: Seeded): Alteration[][] {
  const alter = (some: readonly Assertion[]) => some.map((one) => one.alter(random)).filter((ways) => ways.length > 0);
  const sure = alter(assertions.filter(({ always }) => always));
  return sure.length > 0 ? sure : alter(assertions.filter(({ always }) => !always));
}

/** Any two: which ones nobody can foresee. */
function twoOf(ways: Alteration[][], random: Seeded): Alteration[][] {
  return random.shuffled(ways).slice(0, 2);
}

function best([way]: readonly Alteration[]): Alteration {
  return way ?? raise("defect", "an assertion without alterations was kept");
}
