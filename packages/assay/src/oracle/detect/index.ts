import type { Fault, RunnerName } from "@assay/sdk";
import { fault } from "#domain";
import type { Detection, Language, ProjectDetector, Snapshot } from "#ports";
import { isOracle as isJavaScriptOracle } from "./javascript/file-kinds.ts";
import { detectJavaScript } from "./javascript.ts";
import { isPython, isPythonOracle } from "./python/file-kinds.ts";
import { detectPython } from "./python.ts";

/** What a configuration says instead of what would be detected. */
export type DetectorOverrides = {
  runner?: RunnerName;
  /** Further files and folders that belong to the tests, project-relative. */
  testPaths?: readonly string[];
};

/** Detects by language; in a project of several the one with more source files is asked first. */
export class ProjectDetection implements ProjectDetector {
  private readonly overrides: DetectorOverrides;

  constructor(overrides: DetectorOverrides = {}) {
    this.overrides = overrides;
  }

  async detect(snapshot: Snapshot): Promise<Detection> {
    const python = () => detectPython(snapshot, this.overrides.testPaths);
    const javascript = () => detectJavaScript(snapshot, this.overrides.testPaths);
    const { runner } = this.overrides;
    if (runner === "pytest") return await python();
    if (runner !== undefined) return withRunner(await javascript(), runner);
    if (!snapshot.files.some((file) => isPython(file) || isJavaScript(file)))
      return { kind: "undetected", fault: noCode(snapshot) };
    const [first, second] = prefersPython(snapshot) ? [python, javascript] : [javascript, python];
    const one = await first();
    if (one.kind === "detected" || !hasOtherLanguage(snapshot)) return one;
    const other = await second();
    return other.kind === "detected" ? other : one;
  }
}

function noCode({ root, files }: Snapshot): Fault {
  const seen =
    files.length === 0 ? "it is empty" : `none of its ${files.length} files is Python, JavaScript or TypeScript`;
  return fault(
    "not-a-project",
    `${root} is not a project that can be tested: ${seen}.`,
    "Give the folder of a project.",
  );
}

/** True when a path decides what its project's tests say, whether it exists yet or not: a change that creates it touches the oracle. */
export function isOraclePath(language: Language, path: string): boolean {
  return language === "python" ? isPythonOracle(path) : isJavaScriptOracle(path);
}

function isJavaScript(file: string): boolean {
  return javascriptFile.test(file) || file === "package.json";
}

function withRunner(detection: Detection, runner: RunnerName): Detection {
  if (detection.kind === "undetected" || detection.profile.runner === runner) return detection;
  const details = [...detection.profile.details, `The configuration says that ${runner} runs the tests.`];
  return { kind: "detected", profile: { ...detection.profile, runner, details } };
}

const javascriptFile = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const pythonProject = /^(?:pyproject\.toml|setup\.py|setup\.cfg|pytest\.ini|tox\.ini|conftest\.py)$/;

function prefersPython({ files }: Snapshot): boolean {
  const python = files.filter(isPython).length + (files.some((file) => pythonProject.test(file)) ? 5 : 0);
  const javascript =
    files.filter((file) => javascriptFile.test(file)).length + (files.includes("package.json") ? 5 : 0);
  return python > javascript;
}

function hasOtherLanguage({ files }: Snapshot): boolean {
  return files.some(isPython) && files.some((file) => javascriptFile.test(file));
}
