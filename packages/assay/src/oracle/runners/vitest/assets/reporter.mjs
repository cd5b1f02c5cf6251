// Runs inside the sandbox, in vitest's main process: vitest's reporter events (those of vitest 3 and later) as events of a run.
import { cap, failureOf, frameAt, projectPath } from "../../javascript/assets/failure.mjs";
import { chooses, idOf, numbered } from "../../javascript/assets/selection.mjs";

export class AssayReporter {
  #job;
  #emit;
  #ids = new Map();
  #running = new Set();
  #answered = new Set();
  #modules = new Map();
  #selection;

  constructor(job, emit) {
    this.#job = job;
    this.#emit = emit;
    this.#selection = job.selection;
  }

  onTestModuleCollected(module) {
    const file = this.#fileOf(module);
    this.#modules.set(module.moduleId, { file, ended: false });
    const occurrences = new Map();
    const ids = [];
    for (const test of module.children.allTests()) {
      const path = idOf(file, namesOf(test));
      const nth = (occurrences.get(path) ?? 0) + 1;
      occurrences.set(path, nth);
      const id = numbered(path, nth);
      if (!this.#isWanted(id)) continue;
      this.#ids.set(test.id, id);
      ids.push(id);
    }
    if (ids.length > 0) this.#emit({ e: "collected", ids, file });
  }

  onTestCaseReady(test) {
    const id = this.#ids.get(test.id);
    if (id === undefined) return;
    this.#running.add(test.id);
    this.#emit({ e: "running", id });
  }

  onTestCaseResult(test) {
    const id = this.#ids.get(test.id);
    const { state, errors } = test.result();
    this.#running.delete(test.id);
    if (id === undefined || state === "pending") return;
    this.#answered.add(test.id);
    const file = this.#fileOf(test.module);
    const durationMs = Math.max(0, test.diagnostic()?.duration ?? 0);
    const [error] = errors ?? [];
    const inherited = state === "skipped" && test.options.mode === "run" ? inheritedError(test) : undefined;
    if (inherited !== undefined) {
      // Vitest calls the tests of a suite skipped when its set-up failed.
      this.#emit({ e: "result", id, file, outcome: "errored", durationMs, failure: this.#failure(inherited) });
    } else if (state !== "failed") this.#emit({ e: "result", id, file, outcome: state, durationMs });
    else this.#emit({ e: "result", id, file, outcome: outcomeOf(error), durationMs, failure: this.#failure(error) });
  }

  onTestSuiteResult(suite) {
    this.#suiteErrors(suite);
  }

  onTestModuleEnd(module) {
    const file = this.#fileOf(module);
    this.#modules.set(module.moduleId, { file, ended: true });
    for (const error of module.errors()) this.failed(this.#failure(error), file);
  }

  onTestRunEnd(_modules, unhandledErrors) {
    for (const error of unhandledErrors) this.failed(this.#failure(error));
  }

  /** What failed outside of any test. */
  failed(failure, file) {
    this.#emit({
      e: "collect-error",
      failure: file === undefined ? failure : { ...failure, file: failure.file ?? file, testFile: file },
    });
  }

  /** Ends what still runs after `limitMs`. */
  cutOff(limitMs) {
    const message = `still running after ${Math.round(limitMs)} ms`;
    for (const key of this.#running) {
      const id = this.#ids.get(key);
      const file = id.split(" > ", 1)[0];
      const failure = { type: "Timeout", message, file, frames: [] };
      this.#emit({ e: "result", id, file, outcome: "timed-out", durationMs: 0, failure });
    }
    for (const { file, ended } of this.#modules.values()) {
      if (!ended) this.failed({ type: "Timeout", message: `tests of this file were ${message}`, file, frames: [] });
    }
  }

  #suiteErrors(suite) {
    // A set-up or tear-down of a suite belongs to no single test.
    for (const error of suite.errors()) this.failed(this.#failure(error), this.#fileOf(suite.module));
  }

  #fileOf(module) {
    return projectPath(module.moduleId, this.#job.root) ?? module.relativeModuleId ?? module.moduleId;
  }

  #isWanted(id) {
    return this.#selection.length === 0 || this.#selection.some((each) => chooses(each, id));
  }

  /** Vitest hands errors over as plain objects; where it has mapped the stack to the sources itself, that is taken. */
  #failure(error) {
    const { root } = this.#job;
    const failure = failureOf(error, root);
    const stacks = Array.isArray(error?.stacks) ? error.stacks : [];
    const frames = stacks.flatMap(({ file, line, method }) => {
      const frame = frameAt(file, line, root);
      return frame === undefined ? [] : [method ? { ...frame, function: cap(method) } : frame];
    });
    const { expected, actual } = error ?? {};
    const comparison =
      expected === undefined && actual === undefined ? {} : { expected: text(expected), actual: text(actual) };
    const place = frames[0] === undefined ? {} : { file: frames[0].file, line: frames[0].line };
    const own = {
      ...failure,
      ...comparison,
      ...place,
      frames: frames.length > 0 ? frames.slice(0, 50) : failure.frames,
    };
    return syntaxError(own, error, root);
  }
}

/** What the compiler refused has no class of its own, and its place only in its message. */
function syntaxError(failure, error, root) {
  const refused =
    error?.code === "PARSE_ERROR" ||
    /PARSE_ERROR|^(?:Transform failed|Parse failure|Failed to parse)/.test(failure.message);
  if (!refused) return failure;
  const match = /(?:^|[\s[])((?:\/|\.{0,2}\w)[^\s:[\]]*\.[cm]?[jt]sx?):(\d+):\d+/m.exec(failure.message);
  const path = match === null ? undefined : match[1].startsWith("/") ? match[1] : `${root}/${match[1]}`;
  return { ...failure, type: "SyntaxError", ...(path === undefined ? {} : frameAt(path, Number(match[2]), root)) };
}

const text = (value) => cap(typeof value === "string" ? value : String(value));

function inheritedError(test) {
  for (let each = test.parent; each !== undefined; each = each.parent) {
    const [error] = each.errors();
    if (error !== undefined) return error;
  }
  return undefined;
}

function namesOf(test) {
  const names = [];
  for (let each = test; each !== undefined && each.type !== "module"; each = each.parent) names.unshift(each.name);
  return names;
}

function outcomeOf(error) {
  return /^(?:Test|Hook) timed out in \d+ms/.test(error?.message ?? "") ? "timed-out" : "failed";
}
