// Runs inside the sandbox, in the driver: gives the tests of one file their ids and tells what became of them.
import { chooses, idOf, numbered } from "../../javascript/assets/selection.mjs";

/** Failures that only repeat those of other tests. */
const consequences = new Set(["subtestsFailed", "cancelledByParent"]);

export class TestTree {
  seen;
  failed = false;
  #file;
  #emit;
  #reported;
  #nodes = new Map();
  #occurrences = new Map();

  constructor(file, emit, reported) {
    this.#file = file;
    this.#emit = emit;
    this.#reported = reported;
    this.seen = new Set(reported);
  }

  /** Tests and suites. */
  get size() {
    return this.#nodes.size;
  }

  /** Whether a test was announced that has no outcome. */
  get pending() {
    return this.#nodes.values().some((node) => !node.suite && !node.done);
  }

  take(event) {
    if (event.t === "enqueue" || event.t === "done") this.#enqueue(event);
    const node = this.#nodes.get(event.i);
    if (node === undefined) return;
    if (event.t === "running") {
      node.running = true;
      if (node.told) this.#emit({ e: "running", id: node.id });
    }
    if (event.t === "coverage" && node.told) this.#emit({ e: "coverage", id: node.id, files: event.files });
    if (event.t === "done") this.#done(node, event);
  }

  /** Gives the innermost tests that were running an outcome; returns how many there were. */
  endRunning(outcome, failure) {
    const running = [...this.#nodes.values()].filter((node) => !node.suite && node.running && !node.done);
    const parents = new Set(running.map((node) => node.parent));
    const innermost = running.filter((node) => !parents.has(node.key));
    for (const node of innermost) this.#result(node, outcome, failure, 0);
    return innermost.length;
  }

  #enqueue({ i, p, name, suite }) {
    if (this.#nodes.has(i)) return;
    const path = idOf(this.#nodes.get(p)?.path ?? this.#file.path, [name]);
    const node = { key: i, parent: p, path, suite, running: false, done: false, told: false };
    this.#nodes.set(i, node);
    if (suite) return;
    const nth = (this.#occurrences.get(path) ?? 0) + 1;
    this.#occurrences.set(path, nth);
    node.id = numbered(path, nth);
    node.told = chooses(this.#file, node.id) && !this.#reported.has(node.id);
    if (!node.told) return;
    this.seen.add(node.id);
    this.#emit({ e: "collected", ids: [node.id], file: this.#file.path });
  }

  #done(node, { outcome, failure, reason, ms }) {
    node.done = true;
    if (outcome !== "passed" && outcome !== "skipped") this.failed = true;
    if (!node.suite) this.#result(node, outcome, failure, ms);
    // A set-up or tear-down of a suite belongs to no single test.
    else if (failure !== undefined && !consequences.has(reason) && outcome !== "skipped") {
      const inSuite = { ...failure, file: failure.file ?? this.#file.path, testFile: this.#file.path };
      this.#emit({
        e: "collect-error",
        failure: { ...inSuite, message: `${failure.message} (in suite ${node.path})` },
      });
    }
  }

  #result(node, outcome, failure, ms) {
    if (!node.told) return;
    const more = failure === undefined || outcome === "passed" || outcome === "skipped" ? {} : { failure };
    this.#emit({ e: "result", id: node.id, file: this.#file.path, outcome, durationMs: ms, ...more });
  }
}
