import type { ProposalRequest } from "#ports";
import { type Facts, familiesOf, type Literals, literalsIn, siblingsFrom, type ValueKind } from "#syntax";
import { readText } from "./read-text.ts";
import { SourceTrees } from "./source-trees.ts";

/** For each file what is known of it beyond its text. */
export type FactsOf = (file: string) => Facts;

/** Failing tests of which the literals are read. */
const testsMax = 8;
const literalsMax = 30;

/** What the project's files and its failing tests tell beyond the file that is edited. */
export async function gatherFacts(request: ProposalRequest, sources: SourceTrees, untyped = false): Promise<FactsOf> {
  const known = new Map<string, readonly string[]>();
  const siblings = (attribute: string): readonly string[] => {
    const before = known.get(attribute);
    if (before !== undefined) return before;
    const families = [...sources.containing(attribute)].flatMap(([, tree]) => familiesOf(tree));
    const found = siblingsFrom(families)(attribute);
    known.set(attribute, found);
    return found;
  };
  const literals = await literalsOfTargets(request);
  return (file) => {
    const seen = untyped ? undefined : request.kinds?.[file];
    return { siblings, literals, untyped, ...(seen === undefined ? {} : { kindsAt: kindsIn(seen) }) };
  };
}

function kindsIn(functions: Readonly<Record<string, Readonly<Record<string, string>>>>): NonNullable<Facts["kindsAt"]> {
  const byLine = new Map<number, ReadonlyMap<string, ValueKind>>();
  for (const [line, names] of Object.entries(functions)) {
    // `other` is a kind that no operator knows.
    const known = Object.entries(names).filter(([, kind]) => kind !== "other");
    byLine.set(Number(line), new Map(known as [string, ValueKind][]));
  }
  return (line) => byLine.get(line);
}

async function literalsOfTargets({ baseline, targets, snapshot }: ProposalRequest): Promise<Literals> {
  const wanted = new Set(targets);
  const numbers = new Set<string>();
  const strings = new Set<string>();
  const failing = baseline.results.filter((result) => wanted.has(result.id)).slice(0, testsMax);
  const texts = new Map<string, string>();
  for (const file of new Set(failing.map((result) => result.file))) {
    const text = await readText(snapshot, file);
    if (text !== undefined) texts.set(file, text);
  }
  const tests = new SourceTrees(texts);
  for (const { id, file } of failing) {
    const tree = tests.tree(file);
    if (tree === undefined) continue;
    const found = literalsIn(tree, lastName(id));
    for (const number of found.numbers) numbers.add(number);
    for (const string of found.strings) strings.add(string);
  }
  return { numbers: [...numbers].slice(0, literalsMax), strings: [...strings].slice(0, literalsMax) };
}

/** Of `tests/test_a.py::TestA::test_b[1]` the `test_b`, of `a.test.ts > sums > adds up` the `adds up`. */
export function lastName(id: string): string {
  const last = id.split(/::| > /).at(-1) ?? id;
  return id.includes("::") ? last.replace(/\[.*$/s, "") : last;
}
