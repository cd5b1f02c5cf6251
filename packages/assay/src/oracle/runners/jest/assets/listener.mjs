// Runs inside the sandbox, in jest's main process: jest's reporter events as events of a run.
import { projectPath } from "../../javascript/assets/failure.mjs";
import { chooses, idOf, numbered } from "../../javascript/assets/selection.mjs";
import { executionFailure, testFailure } from "./jest-failure.mjs";

const outcomes = {
  passed: "passed",
  failed: "failed",
  pending: "skipped",
  skipped: "skipped",
  todo: "skipped",
  disabled: "skipped",
};

export class JestListener {
  completed = false;
  #job;
  #emit;
  /** How many tests of one name were told about, by file and name. */
  #told = new Map();
  #running = new Map();

  constructor(job, emit) {
    this.#job = job;
    this.#emit = emit;
  }

  caseStart(path, { ancestorTitles, title }) {
    const file = this.#fileOf(path);
    const name = idOf(file, [...ancestorTitles, title]);
    const id = numbered(name, (this.#told.get(name) ?? 0) + 1);
    if (!this.#isWanted(id)) return;
    this.#running.set(id, file);
    this.#emit({ e: "collected", ids: [id], file });
    this.#emit({ e: "running", id });
  }

  caseResult(path, result) {
    const file = this.#fileOf(path);
    const name = idOf(file, [...result.ancestorTitles, result.title]);
    const nth = (this.#told.get(name) ?? 0) + 1;
    this.#told.set(name, nth);
    this.#result(numbered(name, nth), file, result);
  }

  fileResult(path, { testResults, testExecError, failureMessage }) {
    const file = this.#fileOf(path);
    const seen = new Map();
    for (const result of testResults) {
      const name = idOf(file, [...result.ancestorTitles, result.title]);
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      // Test environments that announce no single tests tell about them only here.
      if (nth > (this.#told.get(name) ?? 0)) this.#result(numbered(name, nth), file, result);
    }
    if (testExecError !== undefined && testExecError !== null) {
      const failure = executionFailure(testExecError, failureMessage ?? "", this.#job.root);
      this.#emit({ e: "collect-error", failure: { ...failure, file: failure.file ?? file, testFile: file } });
      for (const [id, of] of this.#running) if (of === file) this.#ended(id, file, "errored", failure);
    }
  }

  complete({ wasInterrupted, runExecError }) {
    this.completed = wasInterrupted !== true;
    if (runExecError) this.#emit({ e: "collect-error", failure: executionFailure(runExecError, "", this.#job.root) });
  }

  /** Ends what still runs after `limitMs`. */
  cutOff(limitMs) {
    for (const [id, file] of this.#running) {
      const failure = { type: "Timeout", message: `still running after ${Math.round(limitMs)} ms`, file, frames: [] };
      this.#ended(id, file, "timed-out", failure);
    }
  }

  /** A test that was running and will not answer. */
  #ended(id, file, outcome, failure) {
    this.#running.delete(id);
    this.#emit({ e: "result", id, file, outcome, durationMs: 0, failure });
  }

  #result(id, file, result) {
    this.#running.delete(id);
    if (!this.#isWanted(id)) return;
    this.#emit({ e: "collected", ids: [id], file });
    const outcome = outcomes[result.status];
    if (outcome === undefined) return;
    const common = { e: "result", id, file, durationMs: Math.max(0, result.duration ?? 0) };
    if (outcome !== "failed") this.#emit({ ...common, outcome });
    else this.#emit({ ...common, ...testFailure(result, this.#job.root) });
  }

  #fileOf(path) {
    return projectPath(path, this.#job.root) ?? path;
  }

  #isWanted(id) {
    const { selection } = this.#job;
    return selection.length === 0 || selection.some((each) => chooses(each, id));
  }
}
