import type { TestChange } from "@assay/sdk";
import { languageOf } from "#syntax";
import { decidesAssertions } from "./decides-assertions.ts";
import { whyNotExecuted } from "./executed-difference.ts";
import { importsOf, isModule } from "./imported-by.ts";
import type { ChangedOracleFile } from "./test-changes.ts";

/** A project before the change. Contents are `undefined` where there is nothing to read as text. */
export type TestedProject = {
  sourceFiles: readonly string[];
  /** Tests among others. */
  oracleFiles: readonly string[];
  read(path: string): Promise<string | undefined>;
};

/** More files are not read: nothing outside the test folders is taken for a helper then. */
const filesMax = 10_000;

const namedForTests =
  /(?:^|\/)(?:testing|test[_-]?(?:utils?|helpers?|support|lib|kit)|fixtures|mocks|fakes)\/|(?:^|[/_.-])(?:test(?:ing|s)?(?:[_-]?(?:utils?|helpers?|support|lib|kit|data))?|fixtures?|factories|assertions?|asserts|matchers|mocks?|fakes?|stubs?)\.[^./]+$/i;
const framework =
  /^[ \t]*(?:import|from)[ \t]+(?:pytest|unittest|hypothesis|mock|nose)\b|['"](?:vitest|@jest\/globals|node:test|chai|sinon|@testing-library\/[^'"]+)['"]/m;

/**
 * Changed files that stand beside the source and belong to the tests: test files import them, no source file does, and they are
 * named for tests, use a test framework, or tests take their word for what other code does. The code under test of a small project
 * is imported by its tests alone too, so that alone tells nothing.
 */
export async function helperChanges(
  changed: readonly ChangedOracleFile[],
  { sourceFiles, oracleFiles, read }: TestedProject,
): Promise<TestChange[]> {
  const candidates = changed.filter(
    ({ path, kind, before, after }) =>
      kind !== "added" && languageOf(path) !== undefined && whyNotExecuted(path, before, after) === undefined,
  );
  const code = (paths: readonly string[]) => paths.filter((path) => languageOf(path) !== undefined);
  const [sources, tests] = [code(sourceFiles), code(oracleFiles)];
  if (candidates.length === 0 || sources.length + tests.length > filesMax) return [];
  const users = await importers(candidates, tests, read);
  const used = await importers(candidates, sources, read);
  return candidates.flatMap(({ path, kind, before = "" }) => {
    const testUsers = users.filter(({ uses }) => uses.has(path));
    const isUsed = used.some((user) => user.path !== path && user.uses.has(path));
    if (testUsers.length === 0 || isUsed) return [];
    const others = sources.filter((other) => other !== path);
    const belongs =
      namedForTests.test(path) ||
      framework.test(before) ||
      testUsers.some((test) => decidesAssertions(path, test.path, test.source, others));
    const what = `${kind === "deleted" ? "deletes" : "changes"} what tests use, and only they: ${testUsers[0]?.path}`;
    return belongs ? [{ kind: "support" as const, file: path, line: 1, what: what.slice(0, 300) }] : [];
  });
}

/** Those of the files that import a candidate. */
async function importers(
  candidates: readonly { path: string }[],
  paths: readonly string[],
  read: TestedProject["read"],
) {
  const found: { path: string; source: string; uses: Set<string> }[] = [];
  for (const path of paths) {
    const source = await read(path);
    if (source === undefined) continue;
    const imports = importsOf(path, source);
    const uses = candidates.filter((one) => imports.some((imported) => isModule(imported, one.path)));
    if (uses.length > 0) found.push({ path, source, uses: new Set(uses.map((one) => one.path)) });
  }
  return found;
}
