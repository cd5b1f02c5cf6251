import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestResult } from "@assay/sdk";
import { digestOf, type Snapshot } from "#ports";

/** What tests say, to tell whether a mutant's outcome is still that of an earlier run. */
export class TestContents {
  readonly #fileOf: ReadonlyMap<string, string>;
  readonly #digests: ReadonlyMap<string, string>;

  private constructor(fileOf: ReadonlyMap<string, string>, digests: ReadonlyMap<string, string>) {
    this.#fileOf = fileOf;
    this.#digests = digests;
  }

  static async read(snapshot: Snapshot, tests: readonly TestResult[]): Promise<TestContents> {
    const digests = new Map<string, string>();
    for (const file of new Set(tests.map((test) => test.file))) {
      if (snapshot.files.includes(file)) digests.set(file, digestOf(await readFile(join(snapshot.directory, file))));
    }
    return new TestContents(new Map(tests.map(({ id, file }) => [id, file])), digests);
  }

  /** Over the tests' ids and the contents of their files. */
  digestOf(ids: readonly string[]): string {
    const files = new Set(ids.map((id) => this.#fileOf.get(id) ?? ""));
    return digestOf(JSON.stringify([ids.toSorted(), [...files].sort().map((file) => this.#digests.get(file))]));
  }
}
