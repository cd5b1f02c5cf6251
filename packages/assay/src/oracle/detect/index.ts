import type { Fault, RunnerName } from "@assay/sdk";
import { assertNever, fault } from "#domain";
import type { Detection, Language, ProjectDetector, Snapshot } from "#ports";
import { isGoOracle } from "./go/file-kinds.ts";
import { detectGo } from "./go.ts";
import { isJavaOracle } from "./java/file-kinds.ts";
import { detectJava } from "./java.ts";
import { isOracle as isJavaScriptOracle } from "./javascript/file-kinds.ts";
import { detectJavaScript } from "./javascript.ts";
import { compiledAtRoot, type Family, languageOrder } from "./language-order.ts";
import { isPythonOracle } from "./python/file-kinds.ts";
import { detectPython } from "./python.ts";
import { isRustOracle } from "./rust/file-kinds.ts";
import { detectRust } from "./rust.ts";

/** What a configuration says instead of what would be detected. */
export type DetectorOverrides = {
  runner?: RunnerName;
  /** Further files and folders that belong to the tests, project-relative. */
  testPaths?: readonly string[];
  /** Where a virtual environment is looked for, if not in the project: it uses what another one has installed. */
  environmentRoot?: string;
};

/**
 * Detects by language. In a project of several the configured runner decides; else JavaScript and Python come first, the one with
 * more source files before the other, unless the only manifest at the root is of a compiled language.
 */
export class ProjectDetection implements ProjectDetector {
  private readonly overrides: DetectorOverrides;

  constructor(overrides: DetectorOverrides = {}) {
    this.overrides = overrides;
  }

  async detect(snapshot: Snapshot): Promise<Detection> {
    const { runner } = this.overrides;
    if (runner !== undefined) return withRunner(await this.#detect(familyOf(runner), snapshot), runner);
    const order = languageOrder(snapshot);
    const [first] = order;
    if (first === undefined) return { kind: "undetected", fault: noCode(snapshot) };
    let refused: Detection | undefined;
    for (const family of order) {
      const detection = await this.#detect(family, snapshot);
      if (detection.kind === "detected") return withOthers(detection, snapshot);
      refused ??= detection;
    }
    return refused ?? { kind: "undetected", fault: noCode(snapshot) };
  }

  #detect(family: Family, snapshot: Snapshot): Promise<Detection> {
    const { runner, testPaths, environmentRoot } = this.overrides;
    if (family === "python") return detectPython(snapshot, testPaths, environmentRoot);
    return detectors[family](snapshot, testPaths, runner);
  }
}

const detectors: Record<Exclude<Family, "python">, typeof detectJava> = {
  javascript: detectJavaScript,
  go: detectGo,
  rust: detectRust,
  java: detectJava,
};

function familyOf(runner: RunnerName): Family {
  switch (runner) {
    case "pytest":
      return "python";
    case "node-test":
    case "vitest":
    case "jest":
      return "javascript";
    case "go-test":
      return "go";
    case "cargo":
      return "rust";
    case "maven":
    case "gradle":
      return "java";
    default:
      return assertNever(runner);
  }
}

/** Says which other runners' tests are there and how to have them run. */
function withOthers(detection: Detection & { kind: "detected" }, { files }: Snapshot): Detection {
  const others = compiledAtRoot(files).filter(({ runner }) => runner !== detection.profile.runner);
  if (others.length === 0) return detection;
  const details = others.map(
    ({ manifest, runner }) => `There is also a ${manifest}: runner = "${runner}" tests that instead.`,
  );
  return { kind: "detected", profile: { ...detection.profile, details: [...detection.profile.details, ...details] } };
}

function noCode({ root, files }: Snapshot): Fault {
  const seen =
    files.length === 0
      ? "it is empty"
      : `none of its ${files.length} files is Python, JavaScript, TypeScript, Go, Rust or Java`;
  return fault(
    "not-a-project",
    `${root} is not a project that can be tested: ${seen}.`,
    "Give the folder of a project.",
  );
}

/** True when a path decides what its project's tests say, whether it exists yet or not: a change that creates it touches the oracle. */
export function isOraclePath(language: Language, path: string): boolean {
  switch (language) {
    case "python":
      return isPythonOracle(path);
    case "javascript":
    case "typescript":
      return isJavaScriptOracle(path);
    case "go":
      return isGoOracle(path);
    case "rust":
      return isRustOracle(path);
    case "java":
      return isJavaOracle(path);
    default:
      return assertNever(language);
  }
}

function withRunner(detection: Detection, runner: RunnerName): Detection {
  if (detection.kind === "undetected" || detection.profile.runner === runner) return detection;
  const details = [...detection.profile.details, `The configuration says that ${runner} runs the tests.`];
  return { kind: "detected", profile: { ...detection.profile, runner, details } };
}
