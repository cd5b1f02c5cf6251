// Runs inside the sandbox, in the driver: one process for one test file, from its start to what its end means.
import { createInterface } from "node:readline";
import { frameAt } from "../../javascript/assets/failure.mjs";
import { startTestProcess } from "./test-process.mjs";
import { TestTree } from "./test-tree.mjs";

const stderrKept = 64 * 1024;

export class FileRun {
  #job;
  #file;
  #emit;
  #patterns;
  #tree;
  #token;
  #uncaught = [];
  #summary = false;
  #drained = false;
  #stderr = "";

  /** `reported`: ids that an earlier run of the same file told about already; nothing is told of them again. */
  constructor(job, file, emit, patterns, reported) {
    this.#job = job;
    this.#file = file;
    this.#emit = emit;
    this.#patterns = patterns;
    this.#tree = new TestTree(file, emit, reported);
  }

  /** Ids that were told about. */
  get seen() {
    return this.#tree.seen;
  }

  async run(limitMs) {
    const main = `${this.#job.root}/${this.#file.path}`;
    const { child: started, channel, token } = startTestProcess(this.#job, this.#patterns, main, ["inherit", "pipe"]);
    this.#token = token;
    started.stderr.on("data", (chunk) => this.#forward(chunk));
    const lines = createInterface({ input: channel });
    lines.on("line", (line) => this.#take(line));
    const read = new Promise((resolve) => lines.once("close", resolve));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      started.kill("SIGKILL");
    }, limitMs);
    const [code, signal] = await new Promise((resolve) => {
      started.once("error", () => resolve([1, null]));
      started.once("exit", (...ended) => resolve(ended));
    });
    clearTimeout(timer);
    // A process that the test left behind may hold the pipe open: what it could write is not waited for.
    await Promise.race([read, new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
    channel.destroy();
    started.stderr.destroy();
    this.#conclude(timedOut ? { limitMs } : { code, signal });
  }

  #forward(chunk) {
    process.stderr.write(chunk);
    if (this.#stderr.length < stderrKept) this.#stderr += chunk.toString("utf8");
  }

  #take(line) {
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      return;
    }
    if (event?.k !== this.#token) return;
    if (event.t === "uncaught") this.#uncaught.push(event.failure);
    else if (event.t === "summary") this.#summary = true;
    else if (event.t === "exit") this.#drained = event.drained;
    else this.#tree.take(event);
  }

  #conclude({ code, signal, limitMs }) {
    const tree = this.#tree;
    if (limitMs !== undefined) {
      const failure = this.#failure("Timeout", `still running after ${Math.round(limitMs)} ms`);
      if (tree.endRunning("timed-out", failure) === 0) this.#error(failure);
      return;
    }
    for (const failure of this.#uncaught) this.#error(this.#placed(failure));
    if (this.#summary) {
      if (code !== 0 && !tree.failed && this.#uncaught.length === 0) {
        this.#error(this.#failure("ProcessExited", `ended with ${ending(code, signal)} though no test failed`));
      }
      return;
    }
    // A file without tests, or one that ends its process itself after all its tests were answered.
    if (code === 0 && !tree.pending && (this.#drained || tree.size > 0)) return;
    const type = signal === null ? "ProcessExited" : "ProcessCrashed";
    const failure = this.#failure(
      type,
      `the process of the test file ended with ${ending(code, signal)} before its tests did`,
    );
    if (tree.endRunning("errored", this.#uncaught[0] ?? failure) === 0 && this.#uncaught.length === 0)
      this.#error(failure);
  }

  #failure(type, message) {
    return { type, message, file: this.#file.path, frames: [] };
  }

  #error(failure) {
    this.#emit({
      e: "collect-error",
      failure: { ...failure, file: failure.file ?? this.#file.path, testFile: this.#file.path },
    });
  }

  /** V8 keeps the place of a syntax error apart from the error; only Node's own report on stderr names it. */
  #placed(failure) {
    if (failure.file !== undefined || failure.type !== "SyntaxError") return failure;
    const match = /^((?:file:\/\/)?\/.+?):(\d+)\r?$/m.exec(this.#stderr);
    return match === null ? failure : { ...failure, ...frameAt(match[1], Number(match[2]), this.#job.root) };
  }
}

function ending(code, signal) {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
