import type {
  ChangeExpectation,
  Digest,
  EvidencePurpose,
  Failure,
  Observation,
  TestResult,
  VerdictLevel,
} from "@assay/sdk";
import type { CitedObservation } from "../judge.ts";
import { levelShown } from "../level-shown.ts";
import { isRed } from "../outcome.ts";
import { uncollectedFile } from "../uncollected-file.ts";
import { strongest } from "../verdict-level.ts";
import { type Turned, turnedTests } from "./turned.ts";

export type CitedEvidence = CitedObservation & { purpose: EvidencePurpose };

/** What one test showed over all runs of one tree. */
export type Colour = "green" | "red" | "grey" | "mixed" | "absent";

/** What was seen, by the tree it was seen on. */
export class ChangeEvidence {
  readonly expectation: ChangeExpectation;
  readonly base: readonly Observation[];
  /** The base's code with the head's tests. */
  readonly newTests: readonly Observation[];
  readonly head: readonly Observation[];
  /** The head's code with the base's tests. */
  readonly oldTests: readonly Observation[];
  /** Runs of something else, or with tests that are not those of their tree. */
  readonly foreign: readonly Observation[];
  readonly #without = new Map<Digest, Observation[]>();
  readonly #results = new Map<readonly Observation[], Map<string, TestResult[]>>();

  constructor(expectation: ChangeExpectation, cited: readonly CitedObservation[]) {
    this.expectation = expectation;
    const [base, newTests, head, oldTests, foreign]: Observation[][] = [[], [], [], [], []];
    const variants = new Set(expectation.hunks.flatMap(({ without }) => without ?? []));
    for (const { observation } of cited) {
      const { patch, oracle } = observation;
      const isOf = (tree: { patch?: Digest; oracle: Digest } | undefined) =>
        tree !== undefined && tree.patch === patch && tree.oracle === oracle;
      if (observation.base !== expectation.base || observation.selection.length > 0) foreign?.push(observation);
      else if (isOf({ oracle: expectation.baseOracle })) base?.push(observation);
      else if (isOf(expectation)) head?.push(observation);
      else if (isOf(expectation.newTests)) newTests?.push(observation);
      else if (isOf(expectation.oldTests)) oldTests?.push(observation);
      else if (patch !== undefined && variants.has(patch) && oracle === expectation.oracle)
        this.#add(patch, observation);
      else foreign?.push(observation);
    }
    this.base = base ?? [];
    this.newTests = newTests ?? [];
    this.head = head ?? [];
    this.oldTests = oldTests ?? [];
    this.foreign = foreign ?? [];
  }

  /** Runs of the change without one of its hunks. */
  without(patch: Digest): readonly Observation[] {
    return this.#without.get(patch) ?? [];
  }

  results(side: readonly Observation[]): ReadonlyMap<string, readonly TestResult[]> {
    const known = this.#results.get(side);
    if (known !== undefined) return known;
    const results = new Map<string, TestResult[]>();
    for (const { report } of side) {
      for (const result of report.results) results.set(result.id, [...(results.get(result.id) ?? []), result]);
    }
    this.#results.set(side, results);
    return results;
  }

  colour(side: readonly Observation[], id: string): Colour {
    const seen = this.results(side).get(id) ?? [];
    if (seen.length === 0) return "absent";
    if (seen.length < side.length) return "mixed";
    if (seen.every(({ outcome }) => outcome === "passed")) return "green";
    if (seen.every(({ outcome }) => isRed(outcome))) return "red";
    return seen.some(({ outcome }) => outcome === "passed" || isRed(outcome)) ? "mixed" : "grey";
  }

  /** Ids with this colour on a side, sorted. */
  ids(side: readonly Observation[], colour: Colour): string[] {
    return [...this.results(side).keys()].filter((id) => this.colour(side, id) === colour).sort();
  }

  /** Files that could not be collected in some run of a side. */
  uncollected(side: readonly Observation[]): Set<string> {
    return new Set(side.flatMap(({ report }) => report.collectionErrors.map(uncollectedFile)));
  }

  /** Ids begin with their file, in every runner. */
  isOf(id: string, file: string): boolean {
    return isOfFile(id, file);
  }

  /** Whether the change does something to this test besides adding it. */
  isListed(id: string): boolean {
    return this.expectation.testChanges.some(({ kind, file, test }) => {
      if (kind === "new-test" || !isOfFile(id, file)) return false;
      return test === undefined || isCalled(id, file, test);
    });
  }

  /** Whether the change says, anywhere in this test's file, that tests are not to be run. */
  isSkipListed(id: string): boolean {
    return this.expectation.testChanges.some(({ kind, file }) => kind === "new-skip" && isOfFile(id, file));
  }

  /** What kept a run of a side from collecting anything, where that is something this environment lacks. */
  couldNotStart(run: Observation): Failure | undefined {
    const { collected, collectionErrors } = run.report;
    if (collected.length > 0) return undefined;
    return collectionErrors.find((failure) => this.isUnreachable(uncollectedFile(failure)));
  }

  isUnreachable(name: string): boolean {
    return this.expectation.unreachable.some((one) => name === one || isOfFile(name, one));
  }

  /** How far the head's passes can be trusted: one run that shows the whole pass carries it, when no other disagrees. */
  level(): VerdictLevel {
    const tests = this.turned().map(({ id }) => id);
    // Where nothing turned green, every file whose tests are green is what is shown.
    const green = tests.length > 0 ? [] : this.ids(this.head, "green");
    const files = green.flatMap((id) => this.results(this.head).get(id)?.[0]?.file ?? []);
    const subjects = { tests, files: [...new Set(files)] };
    return strongest(this.head.map((run) => levelShown(run, subjects)));
  }

  /**
   * Passed in one run and failed in another of the same code, before the change already or only with it. Whoever made the change
   * chose the new tests: what only they make waver on the base's code is the change's doing, unless it is itself new.
   */
  flaky(): { before: string[]; after: string[] } {
    const own = new Set(this.ids(this.base, "mixed"));
    const withNew = this.ids(this.newTests, "mixed").filter((id) => !own.has(id));
    const disturbed = withNew.filter((id) => this.colour(this.base, id) !== "absent");
    const after = new Set([...this.ids(this.head, "mixed"), ...this.expectation.unsteady, ...disturbed]);
    for (const id of own) after.delete(id);
    const before = [...own, ...withNew.filter((id) => !after.has(id))];
    return { before: before.sort(), after: [...after].sort() };
  }

  /** Whether chance may have made a test red or missing: it wavers on the base by itself, or on the head, which is a doubt of its own. */
  mayBeChance(id: string): boolean {
    return this.colour(this.base, id) === "mixed" || this.colour(this.head, id) === "mixed";
  }

  /** Tests that turned green, sorted by id: the head's own, as they were on the base's code. */
  turned(): Turned[] {
    return turnedTests(this);
  }

  #add(patch: Digest, observation: Observation): void {
    this.#without.set(patch, [...(this.#without.get(patch) ?? []), observation]);
  }
}

/** Ids begin with their file, in every runner. */
function isOfFile(id: string, file: string): boolean {
  return id === file || id.startsWith(`${file}::`) || id.startsWith(`${file} > `);
}

/** A name with parameters, or a group, stands for all of its tests. */
function isCalled(id: string, file: string, test: string): boolean {
  const name = id.slice(file.length).replace(/^(?:::| > )/, "");
  return name === test || ["[", "::", " > "].some((follows) => name.startsWith(test + follows));
}
