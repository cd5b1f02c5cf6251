import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import type { Snapshot } from "#ports";
import { isTypeScript } from "./file-kinds.ts";
import type { Manifest } from "./manifest.ts";
import { importingNodeTest, nodeTestPlan } from "./node-test-plan.ts";
import { readTestCommand, type TestCommand } from "./test-command.ts";

export type RunnerChoice = {
  kind: "runner";
  runner: "node-test" | "vitest" | "jest";
  command: TestCommand | undefined;
  /** Known by name or pattern; the runner itself may find others. */
  testFiles: readonly string[];
  details: string[];
};

const supported = "Supported are node:test, vitest and jest.";
const testNames = /(?:[.-](?:test|spec)|_test)\.(?:[cm]?[jt]s|[jt]sx)$|(?:^|\/)__tests__\/.*\.(?:[cm]?[jt]s|[jt]sx)$/;
const buildFolders = /^(?:\.\/)?(?:dist|build|out|lib-test|\.tmp|\.test-dist)(?:\/|$)/;

/** Decides between the runners: the test script first, then configuration and dependencies, then what the tests import. */
export async function chooseRunner(
  snapshot: Snapshot,
  manifest: Manifest | undefined,
): Promise<RunnerChoice | { kind: "none"; fault: Fault }> {
  const command = manifest === undefined ? undefined : readTestCommand(manifest.scripts);
  const script = manifest?.scripts.test;
  const said = script === undefined ? "" : `The test script is \`${script}\`.`;
  if (command === undefined) return fromProject(snapshot, manifest);
  switch (command.tool) {
    case "vitest":
    case "jest":
      return named(snapshot, command.tool, command, [said]);
    case "node --test":
      return nodeTest(snapshot, command, [said]);
    case "node": {
      const importing = await importingNodeTest(snapshot, nodeTestPlan(snapshot, command).files);
      if (importing.length > 0) return nodeTest(snapshot, command, [said]);
      return none(unsupported(`a script of its own (${command.args[0]})`));
    }
    default:
      return none(unsupported(command.tool));
  }
}

async function fromProject(
  snapshot: Snapshot,
  manifest: Manifest | undefined,
): Promise<RunnerChoice | { kind: "none"; fault: Fault }> {
  const found = fromSurroundings(snapshot, manifest);
  if (found === "vitest" || found === "jest")
    return named(snapshot, found, undefined, [`The project is set up for ${found}.`]);
  const plan = nodeTestPlan(snapshot, undefined);
  if ((await importingNodeTest(snapshot, plan.files)).length > 0) {
    return nodeTest(snapshot, undefined, ["The tests import node:test."]);
  }
  if (found !== undefined) return none(unsupported(found));
  return none(
    fault(
      "no-tests",
      "No tests were found: there is no test script that is understood, no runner's configuration, and no test imports node:test.",
      `Add tests and a "test" script to package.json. ${supported}`,
    ),
  );
}

function fromSurroundings(snapshot: Snapshot, manifest: Manifest | undefined): string | undefined {
  const has = (pattern: RegExp) => snapshot.files.some((file) => pattern.test(file));
  const declared = { ...manifest?.dependencies, ...manifest?.devDependencies };
  if (has(/^vitest\.(?:config|workspace)\.[^/]+$/) || Object.hasOwn(declared, "vitest")) return "vitest";
  if (has(/^jest\.config\.[^/]+$/) || manifest?.jest !== undefined || Object.hasOwn(declared, "jest")) return "jest";
  return ["react-scripts", "mocha", "ava", "tap", "tape", "jasmine", "karma", "uvu"].find((name) =>
    Object.hasOwn(declared, name),
  );
}

function named(
  snapshot: Snapshot,
  runner: "vitest" | "jest",
  command: TestCommand | undefined,
  details: string[],
): RunnerChoice {
  const testFiles = snapshot.files.filter((file) => testNames.test(file) && !file.includes("node_modules/"));
  return { kind: "runner", runner, command, testFiles, details: [...details, count(testFiles)] };
}

function nodeTest(
  snapshot: Snapshot,
  command: TestCommand | undefined,
  details: string[],
): RunnerChoice | { kind: "none"; fault: Fault } {
  const { files } = nodeTestPlan(snapshot, command);
  if (files.length > 0) {
    const typed = files.some(isTypeScript) && command?.nodeFlags.length === 0 ? ["Node strips the types itself."] : [];
    const dropped = command?.dropped.map((flag) => `The flag ${flag} of the test script is left out.`) ?? [];
    return {
      kind: "runner",
      runner: "node-test",
      command,
      testFiles: files,
      details: [...details, count(files), ...typed, ...dropped],
    };
  }
  if (command?.args.some((argument) => buildFolders.test(argument))) {
    const built = command.before.length === 0 ? "" : ` by \`${command.before.join(" && ")}\``;
    return none(
      fault(
        "oracle-unavailable",
        `The test script runs files in ${command.args.join(" ")}, which are built first${built}; Assay changes sources and runs no build.`,
        "Let the test script run the sources: Node 22.18 and later strips types itself (`node --test`).",
      ),
    );
  }
  return none(
    fault(
      "no-tests",
      command === undefined || command.args.length === 0
        ? "No file has a name that `node --test` takes for a test."
        : `No file matches ${command.args.join(" ")}.`,
      "Add a test, e.g. test/example.test.js.",
    ),
  );
}

function count(files: readonly string[]): string {
  return `There ${files.length === 1 ? "is 1 test file" : `are ${files.length} test files`}.`;
}

function unsupported(tool: string): Fault {
  return fault(
    "oracle-unavailable",
    `The tests are run by ${tool}, which Assay does not support.`,
    `${supported} Add one of them, or a "test" script that runs the tests with it.`,
  );
}

function none(value: Fault): { kind: "none"; fault: Fault } {
  return { kind: "none", fault: value };
}
