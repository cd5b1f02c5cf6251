import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import type { Detection, ProjectProfile, Snapshot } from "#ports";
import { hasBareSourceRoot } from "../runners/pytest/invocation.ts";
import { chooseInterpreter } from "./python/choose-interpreter.ts";
import { isPython, isPythonOracle, isTestFile } from "./python/file-kinds.ts";
import type { UnsuitablePython } from "./python/interpreter.ts";
import { type PytestSettings, pytestSettings } from "./python/pytest-settings.ts";

const configurationBytesMax = 1024 * 1024;

/**
 * Finds out how a Python project is tested, from its files, its virtual environment and the machine's Pythons. Nothing of the
 * project is executed. Undetected with `not-a-project` (no Python), `no-tests` or `tool-missing` (no Python with pytest).
 * @param testPaths further files and folders that belong to the tests, project-relative
 * @param environmentRoot the folder whose virtual environment is used
 */
export async function detectPython(
  snapshot: Snapshot,
  testPaths: readonly string[] = [],
  environmentRoot: string = snapshot.root,
): Promise<Detection> {
  const code = snapshot.files.filter(isPython);
  if (code.length === 0) return undetected(fault("not-a-project", "There is no Python source."));
  const read = (file: string) => readConfiguration(snapshot, file);
  const settings = await pytestSettings(read);
  const testFiles = code.filter((file) => isTestFile(file) || matchesAny(file, settings.pythonFiles));
  if (testFiles.length === 0) {
    return undetected(
      fault(
        "no-tests",
        "There are no files that pytest would collect (test_*.py, *_test.py, or what python_files says).",
        "Write a test in tests/test_*.py, or set python_files in pytest's configuration.",
      ),
    );
  }
  const choice = await chooseInterpreter(environmentRoot, await read(".python-version"));
  if (choice.kind === "missing") return undetected(noPytest(choice.tried, choice.virtualEnvironment));

  const { interpreter } = choice;
  const named = new Set(testFiles);
  const folders = [...settings.testPaths, ...testPaths].map((path) => path.replace(/^\.\/|\/+$/g, ""));
  const within = (file: string) => folders.some((folder) => folder !== "." && `${file}/`.startsWith(`${folder}/`));
  const oracleFiles = snapshot.files.filter((file) => isPythonOracle(file) || named.has(file) || within(file));
  const oracle = new Set(oracleFiles);
  const sourceFiles = code.filter((file) => !oracle.has(file));
  const profile: ProjectProfile = {
    root: snapshot.root,
    language: "python",
    runner: "pytest",
    interpreter: interpreter.path,
    mounts: interpreter.mounts,
    oracleFiles,
    sourceFiles,
    details: [
      `${testFiles.length} test ${testFiles.length === 1 ? "file was" : "files were"} found, the first is ${testFiles[0]}.`,
      `pytest ${interpreter.pytestVersion} runs them with Python ${interpreter.version} (${interpreter.path}).`,
      ...interpreter.details,
      ...configurationDetails(settings, sourceFiles),
    ],
  };
  return { kind: "detected", profile };
}

function configurationDetails(settings: PytestSettings, sourceFiles: readonly string[]): string[] {
  const details = settings.file === undefined ? [] : [`pytest is configured in ${settings.file}.`];
  if (hasBareSourceRoot(sourceFiles) && !settings.pythonPath.includes("src")) {
    details.push("The package is under src/, which is put on Python's path.");
  }
  return details;
}

function noPytest(tried: readonly UnsuitablePython[], virtualEnvironment: string | undefined): Fault {
  const seen = tried.map(({ path, reason }) => `${path}: ${reason}`).join("; ");
  const remedy =
    virtualEnvironment === undefined
      ? "apt-get install -y python3 python3-pytest (or: python3 -m venv .venv && .venv/bin/pip install pytest)"
      : `${virtualEnvironment}/bin/pip install pytest`;
  return fault("tool-missing", `No Python with pytest was found${seen === "" ? "" : ` (${seen})`}.`, remedy);
}

/** `python_files` are shell patterns on the name or, with a slash, on the end of the path. */
function matchesAny(file: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".");
    try {
      return new RegExp(`(?:^|/)${source}$`).test(file);
    } catch {
      return false;
    }
  });
}

async function readConfiguration(snapshot: Snapshot, file: string): Promise<string | undefined> {
  if (!snapshot.files.includes(file)) return undefined;
  await using handle = await open(join(snapshot.directory, file), "r");
  const buffer = Buffer.alloc(configurationBytesMax);
  const { bytesRead } = await handle.read(buffer, 0, configurationBytesMax, 0);
  return buffer.toString("utf8", 0, bytesRead);
}

function undetected(value: Fault): Detection {
  return { kind: "undetected", fault: value };
}
