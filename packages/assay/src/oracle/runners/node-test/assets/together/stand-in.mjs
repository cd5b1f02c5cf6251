// Runs inside the sandbox: what test files import as `node:test` where many edits share a process. It keeps the tests, so that each
// can be run again and again; what it has no part of says so when it is used, and its edits are tried in processes of their own.

import assert from "node:assert";
import { AsyncLocalStorage } from "node:async_hooks";
import * as real from "node:test";
import { idOf, numbered } from "../../../javascript/assets/selection.mjs";

const suites = new AsyncLocalStorage();
const registered = new Map();
const occurrences = new Map();
const pending = [];

export class Suite {
  hooks = { before: [], after: [], beforeEach: [], afterEach: [] };

  constructor(file, name, parent, skipped) {
    this.file = file;
    this.parent = parent;
    this.names = parent === undefined ? [] : [...parent.names, name];
    this.skipped = skipped;
  }

  /** Outermost first. */
  get chain() {
    return this.parent === undefined ? [this] : [...this.parent.chain, this];
  }
}

/** The test of an id, or the one that an id of a subtest is in. */
export function findTest(id) {
  for (let at = id; ; at = at.slice(0, at.lastIndexOf(" > "))) {
    if (registered.has(at)) return registered.get(at);
    if (!at.includes(" > ")) return undefined;
  }
}

/** Loads one file of tests. */
export async function collect(file, load) {
  await suites.run(new Suite(file), load);
  while (pending.length > 0) await pending.shift();
}

export function argumentsOf([name, options, run]) {
  const given = [name, options, run];
  const fn = given.find((each) => typeof each === "function");
  const settings = given.find((each) => typeof each === "object" && each !== null) ?? {};
  return { name: typeof name === "string" && name !== "" ? name : fn?.name || "<anonymous>", settings, fn };
}

const isSkipped = ({ skip, todo }) => (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);

function register(given, forced = {}) {
  const suite = suites.getStore();
  if (suite === undefined) throw new Error("a test was declared outside of its file");
  const { name, settings, fn } = argumentsOf(given);
  const path = idOf(suite.file, [...suite.names, name]);
  const nth = (occurrences.get(path) ?? 0) + 1;
  occurrences.set(path, nth);
  const skipped = fn === undefined || isSkipped({ ...settings, ...forced }) || suite.chain.some((each) => each.skipped);
  const id = numbered(path, nth);
  registered.set(id, { id, name, names: [...suite.names, name], suite, fn, skipped });
  return Promise.resolve();
}

function declare(given, forced = {}) {
  const { name, settings, fn } = argumentsOf(given);
  const outer = suites.getStore();
  const suite = new Suite(outer.file, name, outer, isSkipped({ ...settings, ...forced }));
  const done =
    fn === undefined ? undefined : suites.run(suite, () => fn({ name, signal: new AbortController().signal }));
  if (typeof done?.then === "function") pending.push(done);
  return Promise.resolve();
}

const hook = (kind) => (fn) => {
  const suite = suites.getStore();
  if (suite === undefined) throw new Error("a hook was declared outside of its file");
  if (fn !== undefined) suite.hooks[kind].push(fn);
};

function withVariants(make) {
  const variants = {};
  for (const mark of ["skip", "todo", "only"]) {
    variants[mark] = (...given) => make(given, mark === "only" ? {} : { [mark]: true });
  }
  return Object.assign((...given) => make(given), variants);
}

export const test = withVariants(register);
export const it = test;
export const describe = withVariants(declare);
export const suite = describe;
export const before = hook("before");
export const after = hook("after");
export const beforeEach = hook("beforeEach");
export const afterEach = hook("afterEach");
export const { mock, snapshot } = real;
export { assert };
export const run = () => {
  throw new Error("run() is not to be had here");
};
export default Object.assign(test, {
  test,
  it,
  describe,
  suite,
  before,
  after,
  beforeEach,
  afterEach,
  mock,
  snapshot,
  run,
});
