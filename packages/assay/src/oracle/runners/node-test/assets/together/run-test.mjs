// Runs inside the sandbox: one test that the stand-in keeps, with all hooks of its suites around it, as if it were the only one.
import assert from "node:assert";
import { mock } from "node:test";
import { numbered } from "../../../javascript/assets/selection.mjs";
import { argumentsOf } from "./stand-in.mjs";

const MockTracker = mock.constructor;

class Skipped extends Error {}
export class TestTimeout extends Error {}

/** Outcomes by id, the subtests' among them: `passed`, `skipped`, or the error. Hooks count for the test itself. */
export async function runTest(test, msMax) {
  const outcomes = new Map();
  if (test.skipped) return outcomes.set(test.id, "skipped");
  const context = new Context(test, outcomes, msMax);
  const stop = uncaught();
  try {
    await Promise.race([stop.error, whole(test, context, msMax)]);
    outcomes.set(test.id, "passed");
  } catch (error) {
    outcomes.set(test.id, error instanceof Skipped ? "skipped" : { error });
  } finally {
    stop.listening();
    mock.reset();
  }
  return outcomes;
}

async function whole(test, context, msMax) {
  const chain = test.suite.chain;
  try {
    for (const suite of chain) for (const hook of suite.hooks.before) await called(hook, suite, msMax);
    for (const suite of chain) for (const hook of suite.hooks.beforeEach) await called(hook, context, msMax);
    await body(test.fn, context, msMax);
  } finally {
    for (const suite of chain.toReversed()) {
      for (const hook of suite.hooks.afterEach) await called(hook, context, msMax);
    }
    for (const suite of chain.toReversed()) for (const hook of suite.hooks.after) await called(hook, suite, msMax);
  }
}

async function body(fn, context, msMax) {
  try {
    await called(fn, context, msMax);
    await context.settled();
  } finally {
    context.mock.reset();
    for (const hook of context.hooks.after) await called(hook, context, msMax);
  }
}

/** A function that takes two arguments is told the end by its second. */
async function called(fn, context, msMax) {
  const result = fn.length < 2 ? Reflect.apply(fn, context, [context]) : byCallback(fn, context);
  if (typeof result?.then !== "function") return;
  const { promise, reject } = Promise.withResolvers();
  const timer = setTimeout(() => reject(new TestTimeout(`longer than ${msMax} ms`)), msMax);
  await Promise.race([result, promise]).finally(() => clearTimeout(timer));
}

function byCallback(fn, context) {
  const { promise, resolve, reject } = Promise.withResolvers();
  Reflect.apply(fn, context, [context, (error) => (error ? reject(error) : resolve())]);
  return promise;
}

function uncaught() {
  const { promise, reject } = Promise.withResolvers();
  promise.catch(() => {});
  process.on("uncaughtException", reject);
  process.on("unhandledRejection", reject);
  return {
    error: promise,
    listening: () => {
      process.off("uncaughtException", reject);
      process.off("unhandledRejection", reject);
    },
  };
}

/** The `t` of a test. */
class Context {
  hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
  mock = new MockTracker();
  assert = assert;
  signal = new AbortController().signal;
  #test;
  #outcomes;
  #msMax;
  #occurrences = new Map();
  #running = [];

  constructor(test, outcomes, msMax) {
    this.#test = test;
    this.#outcomes = outcomes;
    this.#msMax = msMax;
    this.name = test.name;
    this.fullName = test.names.join(" > ");
    for (const kind of Object.keys(this.hooks)) this[kind] = (hook) => this.hooks[kind].push(hook);
  }

  test(...given) {
    const { name, settings, fn } = argumentsOf(given);
    const path = `${this.#test.id} > ${name}`;
    const nth = (this.#occurrences.get(path) ?? 0) + 1;
    this.#occurrences.set(path, nth);
    const inner = { id: numbered(path, nth), name, names: [...this.#test.names, name], fn };
    const running = settings.skip || settings.todo || fn === undefined ? this.#skip(inner) : this.#run(inner);
    this.#running.push(running);
    return running;
  }

  async #skip({ id }) {
    this.#outcomes.set(id, "skipped");
  }

  async #run(inner) {
    const context = new Context(inner, this.#outcomes, this.#msMax);
    try {
      for (const hook of this.hooks.beforeEach) await called(hook, context, this.#msMax);
      await body(inner.fn, context, this.#msMax);
      for (const hook of this.hooks.afterEach) await called(hook, context, this.#msMax);
      this.#outcomes.set(inner.id, "passed");
    } catch (error) {
      this.#outcomes.set(inner.id, error instanceof Skipped ? "skipped" : { error });
    }
  }

  /** A test fails with its subtests. */
  async settled() {
    while (this.#running.length > 0) await this.#running.shift();
    for (const [id, outcome] of this.#outcomes) {
      if (id !== this.#test.id && id.startsWith(`${this.#test.id} > `) && outcome.error) throw outcome.error;
    }
  }

  diagnostic() {}
  plan() {}
  runOnly() {}

  skip(message) {
    throw new Skipped(message);
  }

  todo(message) {
    throw new Skipped(message);
  }
}
