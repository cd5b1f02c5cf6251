import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { ClassifiedFailure, Failure, TestResult } from "@assay/sdk";
import { defaultHealBudget } from "#domain";
import type { Language, ProposalRequest } from "#ports";
import { FolderWorkspaces } from "./folder-workspaces.ts";

/** What a request is about, beside its files. */
export type Scene = Partial<Pick<ProposalRequest, "brief" | "earlier" | "coverage">> & {
  language?: Language;
  /** Default: those whose name has `test` in it, and configuration. */
  oracleFiles?: readonly string[];
  failures?: readonly ClassifiedFailure[];
  /** Failing tests with their files. */
  failing?: Readonly<Record<string, string>>;
  passing?: readonly string[];
};

/** Requests over folders of real files, as a workflow would make them. */
export class ModelRequests implements AsyncDisposable {
  readonly #workspaces = new FolderWorkspaces();

  async of(files: Readonly<Record<string, string>>, scene: Scene = {}): Promise<ProposalRequest> {
    const snapshot = await this.#workspaces.project({ ...files });
    const oracleFiles = scene.oracleFiles ?? snapshot.files.filter((file) => /test|pyproject|package\.json/.test(file));
    const sources = snapshot.files.filter(
      (file) => !oracleFiles.includes(file) && /\.(?:py|[jt]s|go|java)$/.test(file),
    );
    const { failing = {}, passing = [], language = "python" } = scene;
    const result = (id: string, file: string, outcome: TestResult["outcome"]): TestResult => ({
      id,
      file,
      outcome,
      durationMs: 1,
    });
    return {
      snapshot,
      profile: {
        root: snapshot.root,
        language,
        runner: language === "python" ? "pytest" : "node-test",
        interpreter: process.execPath,
        mounts: [],
        oracleFiles,
        sourceFiles: sources,
        details: [],
      },
      baseline: {
        runner: language === "python" ? "pytest" : "node-test",
        collected: [...Object.keys(failing), ...passing].sort(),
        results: [
          ...Object.entries(failing).map(([id, file]) => result(id, file, "failed")),
          ...passing.map((id) => result(id, id.split("::")[0] ?? "", "passed")),
        ],
        collectionErrors: [],
        complete: true,
      },
      failures: scene.failures ?? [],
      targets: Object.keys(failing),
      guards: passing,
      budget: defaultHealBudget,
      ...(scene.brief !== undefined && { brief: scene.brief }),
      ...(scene.earlier !== undefined && { earlier: scene.earlier }),
      ...(scene.coverage !== undefined && { coverage: scene.coverage }),
    };
  }

  /** The same over a folder of `test/fixtures`. */
  async ofFixture(name: string, scene: Scene = {}): Promise<ProposalRequest> {
    const folder = await this.#workspaces.project({});
    await cp(join(import.meta.dirname, "../fixtures", name), folder.directory, { recursive: true });
    const snapshot = await this.#workspaces.snapshot(folder.directory);
    const request = await this.of({}, scene);
    const oracleFiles = snapshot.files.filter((file) => /test|pyproject|package\.json/.test(file));
    const sourceFiles = snapshot.files.filter((file) => /\.(?:py|[jt]s)$/.test(file) && !oracleFiles.includes(file));
    return { ...request, snapshot, profile: { ...request.profile, root: snapshot.root, oracleFiles, sourceFiles } };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#workspaces[Symbol.asyncDispose]();
  }
}

/** A failure in its category. */
export function failureOf(
  category: ClassifiedFailure["category"],
  failure: Partial<Failure> = {},
  tests: readonly string[] = [],
): ClassifiedFailure {
  return {
    category,
    tests: [...tests],
    failure: { type: "AssertionError", message: "", frames: [], ...failure },
    environment: false,
    fixability: { score: 0.8, reasons: [] },
    suggestedMethod: "diff",
  };
}
