import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest, TestResult } from "@assay/sdk";
import { type Coverage, digestOf, type ProjectProfile, type Snapshot } from "#ports";
import { importedFiles } from "#syntax";

/** Nothing that runs reads these. */
const documents = /\.(md|rst)$/i;

type Given = {
  snapshot: Snapshot;
  profile: ProjectProfile;
  tests: readonly TestResult[];
  coverage: Coverage | undefined;
  version: string;
};

/**
 * All that decides what becomes of a mutant besides its own file, to tell whether an earlier run's outcome still stands: the tests, the
 * sources that they execute or import, helpers, fixtures, configuration and lock files, how tests are run, and this program's version.
 */
export class Surroundings {
  readonly #fileOf: ReadonlyMap<string, string>;
  readonly #digests: ReadonlyMap<string, string>;
  /** By test file: it, what it imports, and what that imports. */
  readonly #imported: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #coverage: Coverage | undefined;
  readonly #sources: readonly string[];
  readonly #common: Digest;
  /** By the list itself: mutants of one line share theirs. */
  readonly #known = new WeakMap<readonly string[], Digest>();

  private constructor({ snapshot, profile, tests, coverage, version }: Given, contents: ReadonlyMap<string, Buffer>) {
    this.#fileOf = new Map(tests.map(({ id, file }) => [id, file]));
    this.#digests = new Map([...contents].map(([file, bytes]) => [file, digestOf(bytes)]));
    this.#sources = profile.sourceFiles;
    const sources = new Set(profile.sourceFiles);
    const testFiles = new Set(this.#fileOf.values());
    const imports = new Map<string, readonly string[]>();
    const importsOf = (file: string): readonly string[] => {
      const known =
        imports.get(file) ?? importedFiles(file, contents.get(file)?.toString("utf8") ?? "", profile.sourceFiles);
      imports.set(file, known);
      return known;
    };
    this.#imported = new Map([...testFiles].map((file) => [file, reachedFrom(file, importsOf)]));
    this.#coverage = coverage;
    const others = snapshot.files.filter((file) => !sources.has(file) && !testFiles.has(file) && !documents.test(file));
    const { runner, interpreter, mounts, root } = profile;
    const digests = others.map((file) => [file, this.#digests.get(file)]);
    this.#common = digestOf(JSON.stringify([version, runner, interpreter, mounts, root, digests]));
  }

  static async read(given: Given): Promise<Surroundings> {
    const { files, directory } = given.snapshot;
    const contents = new Map<string, Buffer>();
    for (const file of files) contents.set(file, await readFile(join(directory, file)).catch(() => Buffer.alloc(0)));
    return new Surroundings(given, contents);
  }

  /** Over the tests' ids and all that they may come by. */
  digestOf(ids: readonly string[]): Digest {
    const known = this.#known.get(ids) ?? this.#digestOf(ids);
    this.#known.set(ids, known);
    return known;
  }

  #digestOf(ids: readonly string[]): Digest {
    const files = new Set<string>();
    // Without coverage nobody knows what they execute.
    if (this.#coverage === undefined) for (const file of this.#sources) files.add(file);
    for (const id of ids) {
      for (const file of this.#imported.get(this.#fileOf.get(id) ?? "") ?? []) files.add(file);
      for (const file of Object.keys(this.#coverage?.[id] ?? {})) files.add(file);
    }
    const digests = [...files].sort().map((file) => [file, this.#digests.get(file)]);
    return digestOf(JSON.stringify([this.#common, ids.toSorted(), digests]));
  }
}

function reachedFrom(file: string, importsOf: (file: string) => readonly string[]): Set<string> {
  const reached = new Set([file]);
  for (const one of reached) for (const next of importsOf(one)) reached.add(next);
  return reached;
}
