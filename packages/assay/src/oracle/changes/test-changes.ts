import type { TestChange } from "@assay/sdk";
import { changedSettings } from "./changed-settings.ts";
import { comparableSource } from "./comparable-source.ts";
import { compareTestFiles } from "./compare-test-files.ts";
import { marksIn } from "./marks.ts";
import { affectsExisting, pathKind } from "./path-kind.ts";
import { readTests } from "./read-tests.ts";

/** An oracle file that a change adds, modifies or deletes; contents are absent where there is no file, or no text. */
export type ChangedOracleFile = {
  path: string;
  kind: "added" | "modified" | "deleted";
  before?: string;
  after?: string;
};

const changesMax = 1000;

/**
 * Says what a change does to what decides its verdict: by syntax trees for Python, JavaScript and TypeScript tests, by path for
 * everything else. Reading alone; what it cannot tell apart it lists as the worse of the two.
 */
export function testChanges(files: readonly ChangedOracleFile[]): TestChange[] {
  return files.flatMap(changesOf).slice(0, changesMax);
}

function changesOf(file: ChangedOracleFile): TestChange[] {
  const { path, kind, before, after } = file;
  const role = pathKind(path);
  const whole = (change: TestChange["kind"], what: string): TestChange[] => [
    { kind: change, file: path, line: 1, what },
  ];
  if (kind === "deleted") {
    return role === "test" ? whole("deleted-test", "deletes the file") : whole(role, "deletes the file");
  }
  if (kind === "added") return addedFile(path, after, whole);
  if (role === "configuration") {
    const settings = changedSettings(path, before, after);
    return settings === undefined
      ? whole(role, "changes it")
      : settings === ""
        ? []
        : whole(role, `changes ${settings}`);
  }
  if (role !== "test") return whole(role, "changes it");
  const [was, is] = [comparableSource(path, before), comparableSource(path, after)];
  if (was === undefined || is === undefined)
    return whole("edited-test", "changes it; its tests cannot be compared one by one");
  return compareTestFiles(path, was, is);
}

function addedFile(
  path: string,
  content: string | undefined,
  whole: (change: TestChange["kind"], what: string) => TestChange[],
): TestChange[] {
  if (affectsExisting(path))
    return whole(pathKind(path) === "test" ? "support" : (pathKind(path) as "support"), "adds it");
  const tree = comparableSource(path, content);
  const tests = tree === undefined ? [] : readTests(tree).tests;
  if (tests.length === 0) return whole("new-test", "adds a file beside the tests");
  return tests.map(({ name, line, several }) => ({
    kind: "new-test",
    file: path,
    line,
    ...(several ? {} : { test: name }),
    what: `adds ${name}${marksIn(content ?? "").length > 0 ? " (some tests of this file are marked to be skipped)" : ""}`.slice(
      0,
      300,
    ),
  }));
}
