// Runs inside the sandbox, in the driver: one package's tests, from what `go test -json` tells about them.
import { emit, failure } from "../../compiled/assets/job.mjs";
import { isSelected } from "../../compiled/assets/selection.mjs";
import { buildFailure, crashFailure, keepEnds, testFailure, timeoutIn } from "./go-output.mjs";

const outcomes = { pass: "passed", fail: "failed", skip: "skipped" };
export class PackageRun {
  /** Project-relative, `.` for the root. */
  folder;
  /** The folder of its module, in the same way. */
  #module;
  #selection;
  /** Tests of which a selector may name a subtest. */
  #withSubtests;
  #declared;
  /** By name: what was printed, whether it began, how it ended. */
  #tests = new Map();
  /** Counts the processes. */
  #round = 0;
  /** All that this process of the package printed. */
  #text = "";
  #ended;
  #failedBuild;
  /** The package could not be built: it has no tests. */
  refused = false;

  constructor({ folder, module, declared, selection }) {
    this.folder = folder;
    this.#module = module;
    this.#declared = declared;
    this.#selection = selection;
    const names = selection.map((item) => item.split("::")).filter(([of, rest]) => rest === undefined || of === folder);
    this.#withSubtests = new Set(names.map((parts) => parts.at(-1)).map((name) => name.split("/")[0]));
  }

  /** Declared tests that are meant, or of which a subtest is. */
  get wanted() {
    return [...this.#declared.keys()].filter((name) => this.#isSelected(name) || this.#withSubtests.has(name));
  }

  /** Wanted tests that never began. */
  get left() {
    return this.wanted.filter((name) => !this.#tests.has(name));
  }

  take({ Action, Test, Output, FailedBuild, Elapsed = 0 }) {
    if (Output !== undefined) this.#text = keepEnds(this.#text, Output);
    if (Test === undefined) {
      if (Action === "pass" || Action === "fail") this.#ended = Action;
      this.#failedBuild ??= FailedBuild;
      return;
    }
    const test = this.#tests.get(Test) ?? { output: "", runs: 0, ends: [], round: this.#round };
    this.#tests.set(Test, test);
    if (Output !== undefined) test.output = keepEnds(test.output, Output);
    if (Action === "run") {
      test.runs += 1;
      if (Test.includes("/")) this.#collect(Test);
      if (this.#isSelected(Test)) emit({ e: "running", id: this.#id(Test) });
    }
    const outcome = outcomes[Action];
    if (outcome === undefined) return;
    const told = outcome === "failed" ? testFailure(this.#outputOf(Test), this.folder) : undefined;
    this.#result(Test, outcome, Elapsed * 1000, told);
  }

  /**
   * What the end of the package's process means for the tests that it did not answer. `built`: what the compiler said of it;
   * `said`: what the go command itself said, which counts when the package was never heard of.
   */
  conclude(built, said) {
    if (this.#ended === undefined && this.#tests.size === 0 && this.#text === "" && said.trim() !== "") {
      this.refused = true;
      return this.#refuse(buildFailure(said.trim(), this.folder, this.#module));
    }
    if (this.#failedBuild !== undefined || (this.#tests.size === 0 && this.#text.includes("[setup failed]"))) {
      this.refused = true;
      return this.#refuse(buildFailure(built || this.#text, this.folder, this.#module));
    }
    this.#collectWanted();
    const timeout = timeoutIn(this.#text);
    if (/^assay: ended with success too early$/m.test(this.#text)) this.#doubtPasses();
    for (const [name, { runs, ends }] of this.#tests) {
      if (ends.filter((each) => each !== "errored").length > 1 || runs > 1) {
        const message = "the output holds events that Go's testing did not write";
        this.#result(name, "errored", 0, failure("ForgedEvents", message));
      } else if (ends.length > 0) continue;
      else if (timeout === undefined) this.#result(name, "errored", 0, this.#crash());
      else if (timeout.running.some((each) => each === name || each.startsWith(`${name}/`))) {
        this.#result(name, "timed-out", 0, failure("Timeout", `still running after ${timeout.after}`));
      }
      // It waited for its turn in a process that another test kept to the end.
      else this.#tests.delete(name);
    }
    this.#judgeEnd();
  }

  /** None of the tests that were left began, though the package was run for them. */
  giveUp() {
    for (const name of this.left) this.#result(name, "errored", 0, this.#crash());
  }

  /** Starts another process of the package for what is left. */
  again() {
    this.#round += 1;
    this.#text = "";
    this.#ended = undefined;
  }

  /** The process ended with success before Go's testing did: what it said of a pass may be as false as its end. */
  #doubtPasses() {
    const message = "the process of the package's tests ended with success before Go's testing did";
    for (const [name, { ends, round }] of this.#tests) {
      if (round !== this.#round || !ends.includes("passed")) continue;
      this.#result(name, "errored", 0, failure("ProcessExited", message));
    }
  }

  #judgeEnd() {
    const red = [...this.#tests.values()].some(({ ends }) =>
      ends.some((each) => each !== "passed" && each !== "skipped"),
    );
    if (this.#ended !== "fail" || red || this.left.length > 0) return;
    this.#refuse(
      failure("ProcessExited", `the package failed though no test of it did: ${this.#text.trim().slice(-1000)}`),
    );
  }

  #crash() {
    return crashFailure(this.#text, this.folder);
  }

  #refuse(told) {
    const file = this.#declared.values().next().value;
    const testFile = file === undefined ? {} : { testFile: this.#path(file) };
    emit({ e: "collect-error", failure: { ...told, ...testFile } });
  }

  /** What tells why a test failed: a panic in a subtest is printed for the subtest alone, as its errors are. */
  #outputOf(name) {
    const own = this.#tests.get(name)?.output ?? "";
    if (/^panic: |^ +[\w.-]+\.go:\d+: /m.test(own)) return own;
    const failed = [...this.#tests].find(
      ([other, { ends }]) => other.startsWith(`${name}/`) && ends.includes("failed"),
    );
    return failed === undefined ? own : failed[1].output;
  }

  #collectWanted() {
    for (const name of this.wanted) this.#collect(name);
  }

  #collect(name) {
    if (this.#isSelected(name)) emit({ e: "collected", ids: [this.#id(name)], file: this.#fileOf(name) });
  }

  #result(name, outcome, durationMs, told) {
    const test = this.#tests.get(name) ?? { output: "", runs: 1, ends: [], round: this.#round };
    this.#tests.set(name, test);
    test.ends.push(outcome);
    if (!this.#isSelected(name)) return;
    this.#collect(name);
    const place = told === undefined ? {} : { failure: { ...told, file: told.file ?? this.#fileOf(name) } };
    emit({ e: "result", id: this.#id(name), file: this.#fileOf(name), outcome, durationMs, ...place });
  }

  #isSelected(name) {
    return isSelected(this.#selection, this.#id(name), this.#fileOf(name));
  }

  #id(name) {
    return `${this.folder}::${name}`;
  }

  #fileOf(name) {
    return this.#path(this.#declared.get(name.split("/")[0]) ?? "");
  }

  #path(file) {
    return this.folder === "." ? file : `${this.folder}/${file}`;
  }
}
