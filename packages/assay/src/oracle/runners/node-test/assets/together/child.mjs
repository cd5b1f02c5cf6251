// Runs inside the sandbox: a process that loads the test files and the project once and tries many edits, which are all in the text
// of the edited file; it tells the file's functions which of them is in force. What an edit leaves behind elsewhere is noticed by the
// tests of the unedited project, which are run again now and then: their outcome must still be what it was.
import "node:assert/strict";
import { readFileSync, readSync } from "node:fs";
import module from "node:module";
import { pathToFileURL } from "node:url";
import { jsonLinesTo } from "../../../javascript/assets/channel.mjs";
import { failureOf, projectPath } from "../../../javascript/assets/failure.mjs";
import { WorkspaceState } from "../../../javascript/assets/workspace-state.mjs";
import { Alike } from "./alike.mjs";
import { Recording, tellApart } from "./contrast.mjs";
import { runTest, TestTimeout } from "./run-test.mjs";
import standIn, { collect, findTest } from "./stand-in.mjs";

/** Ticks that any test may take, and by how many times what the green ones take an edit may exceed it. */
const fuelMin = 50_000;
const fuelFactor = 20;
/** After so many a test that fails anyway is ended: the project itself may go round for ever. */
const fuelOfFailing = 500_000;
const measuringMsMax = 2000;
const checkEvery = 16;
/** Failing tests that are asked which edits they cannot tell from the unedited code. */
const comparedMax = 3;
const descriptor = 3;

class Starved extends Error {
  name = "Starved";
}

const alike = new Alike();

/** The functions of the edited file ask it which edit is in force, and count what they do. */
const control = {
  edit: -1,
  used: 0,
  most: Number.POSITIVE_INFINITY,
  seen: new Set(),
  recording: undefined,
  /** What a function was called with, where inputs are looked for. */
  enter(unit, self, callee, given) {
    this.recording?.enter(unit, self, callee, given);
  },
  same: (place, truth, own, others) => alike.same(control, place, truth, own, others),
  tick(unit) {
    control.used += 1;
    control.seen.add(unit);
    if (control.used > control.most) throw new Starved();
  },
};

const job = JSON.parse(await nextLine());
const state = new WorkspaceState(job.root);
const tell = jsonLinesTo(descriptor);
const send = (message) => tell({ k: job.token, ...message });
Object.defineProperty(globalThis, job.switchName, { value: control });
substitute(job);
for (const file of job.files) {
  const url = pathToFileURL(`${job.root}/${file}`).href;
  process.argv[1] = `${job.root}/${file}`;
  await collect(file, () => import(url));
}
// What ran by now did so while modules were loaded: an edit of it comes too late.
const late = new Set(control.seen);
if (job.tests !== undefined) {
  send({ told: await difference() });
  process.exit(0);
}
const measured = await measure(job.measured ?? { most: 0, ms: 0, seen: [], tests: [], failing: [], odd: [] });
send({ measured });
if (job.targets.length === 0 || job.targets.some((id) => measured.failing.includes(id))) await serve(measured);
process.exit(0);

/** An input that tells the edits apart. */
async function difference() {
  const recording = new Recording();
  control.recording = recording;
  for (const id of job.tests) if (findTest(id) !== undefined) await failureIn([id], fuelOfFailing);
  control.recording = undefined;
  const suited = job.edits.filter(({ units }) => units.every((unit) => !late.has(unit)));
  const found = await tellApart(
    control,
    suited.map(({ id }) => id),
    recording.calls,
  );
  const given = recording.calls.size;
  return { compared: suited.length === job.edits.length && given > 0, found: found ?? null };
}

/**
 * Adds to what is known of the tests: the most that a passing one takes in ticks and in time, the functions that were seen to run, the targets that fail here
 * too, and other tests that do not pass here.
 */
async function measure(known) {
  const ends = performance.now() + measuringMsMax;
  const [tests, failing, odd] = [new Set(known.tests), new Set(known.failing), new Set(known.odd)];
  let { most, ms } = known;
  control.seen = new Set(known.seen);
  for (const list of [job.targets, ...job.orders]) {
    const isTarget = list === job.targets;
    for (const id of list) {
      if (tests.has(id) || performance.now() > ends) continue;
      tests.add(id);
      const begun = performance.now();
      if (findTest(id) === undefined) odd.add(id);
      else if ((await failureIn([id], isTarget ? fuelOfFailing : Number.POSITIVE_INFINITY)) !== undefined)
        (isTarget ? failing : odd).add(id);
      else {
        most = Math.max(most, control.used);
        ms = Math.max(ms, performance.now() - begun);
      }
    }
  }
  return { most, ms, seen: [...control.seen], tests: [...tests], failing: [...failing], odd: [...odd] };
}

async function serve({ most, seen, failing, odd }) {
  const suited = new Set(seen).difference(late);
  // Who is tried again is bounded by time alone.
  const limit = job.fuelFactor === 1 ? Math.max(fuelMin, fuelFactor * most) : Number.POSITIVE_INFINITY;
  const ends = performance.now() + job.batchMs;
  const targets = [...job.targets];
  const orders = job.orders.map((order) => [...order]);
  const sentinel = targets.filter((id) => failing.includes(id)).slice(0, 1);
  const failed = await failureIn(sentinel, fuelOfFailing);
  let since = 0;
  const refusers = new Set();
  const known = await likeUnedited(
    targets.filter((id) => failing.includes(id)),
    suited,
  );
  for (const [index, { id, order, units, place }] of job.edits.entries()) {
    send({ trying: id });
    const fits =
      units.every((unit) => suited.has(unit)) && ![...targets, ...orders[order]].some((test) => odd.includes(test));
    const outcome = known.has(id)
      ? { kind: "failed", test: known.get(id), alike: true }
      : await attempt(id, fits, [targets, orders[order]], limit);
    send({ id, ...outcome });
    if (!outcome.alike && outcome.kind === "failed" && place !== undefined) {
      for (const other of alike.at(place)) if (!known.has(other)) known.set(other, outcome.test);
    }
    if (!outcome.alike && outcome.test !== undefined && !job.targets.includes(outcome.test)) {
      // Something else than the edit may be what it does not like.
      if ((await failureIn([outcome.test], Number.POSITIVE_INFINITY)) !== undefined) {
        send({ clean: false });
        return;
      }
      refusers.add(outcome.test);
    }
    since += 1;
    const isLast = index + 1 === job.edits.length || performance.now() > ends;
    if (since < checkEvery && !isLast) continue;
    since = 0;
    const now = await failureIn(sentinel, fuelOfFailing);
    // The green tests that refused an edit must still be green without one.
    const some = orders[order].filter((test) => !odd.includes(test)).slice(0, 1);
    const guards = refusers.size > 0 ? [...refusers] : some;
    refusers.clear();
    const clean = failed?.type === now?.type && (await failureIn(guards, Number.POSITIVE_INFINITY)) === undefined;
    send({ clean });
    if (isLast || !clean) return;
  }
}

/** By edit that has the values of the unedited code wherever a failing test comes by: that test. */
async function likeUnedited(failing, suited) {
  const known = new Map();
  alike.ask(true);
  for (const test of failing.slice(0, comparedMax)) {
    if ((await failureIn([test], fuelOfFailing)) === undefined) continue;
    for (const { number, edits } of job.asked ?? []) {
      // Of a place that the test does not come by it cannot tell any.
      for (const id of alike.met(number) ? alike.at(number) : edits) known.set(id, test);
    }
  }
  alike.ask(false);
  for (const { id, units } of job.edits) if (!units.every((unit) => suited.has(unit))) known.delete(id);
  return known;
}

async function attempt(id, suited, lists, limit) {
  if (!suited) return { kind: "unsuited" };
  control.edit = id;
  alike.ask(true);
  try {
    for (const tests of lists) {
      const failure = await failureIn(tests, limit);
      if (failure === undefined) continue;
      // The test that refused one is asked first about the next.
      tests.unshift(...tests.splice(tests.indexOf(failure.test), 1));
      return { kind: failure.type === "Starved" ? "starved" : "failed", test: failure.test };
    }
    return { kind: "passed" };
  } finally {
    control.edit = -1;
    alike.ask(false);
  }
}

/** The first test that does not pass. */
async function failureIn(tests, limit) {
  control.most = limit;
  try {
    for (const id of tests) {
      control.used = 0;
      alike.restart();
      send({ running: id });
      // Sooner than whoever waits for news of it ends the process.
      const outcome = (await runTest(findTest(id), job.testMsMax / 2)).get(id) ?? "not run";
      if (outcome === "passed") continue;
      const starved = control.used > limit || outcome.error instanceof TestTimeout;
      return {
        test: id,
        type: starved ? "Starved" : outcome.error ? failureOf(outcome.error, job.root).type : outcome,
      };
    }
    return undefined;
  } finally {
    control.most = Number.POSITIVE_INFINITY;
    state.restore();
  }
}

/** `node:test` for the project's own files, and the sources whose types were stripped already. */
function substitute({ root, table, stripped }) {
  const sources = new Map(Object.entries({ ...JSON.parse(readFileSync(table, "utf8")), ...stripped }));
  const standInUrl = new URL("./stand-in.mjs", import.meta.url).href;
  const ofProject = (url) => url !== undefined && projectPath(url, root) !== undefined;
  module.registerHooks({
    resolve(specifier, context, next) {
      return specifier === "node:test" && ofProject(context.parentURL)
        ? { url: standInUrl, format: "module", shortCircuit: true }
        : next(specifier, context);
    },
    load(url, context, next) {
      const format = /^(module|commonjs)-typescript$/.exec(context.format ?? "")?.[1];
      const source = format === undefined ? undefined : sources.get(projectPath(url, root) ?? "");
      return source === undefined ? next(url, context) : { format, source, shortCircuit: true };
    },
  });
  const { require } = module.prototype;
  module.prototype.require = function (specifier) {
    return specifier === "node:test" && ofProject(pathToFileURL(this.filename ?? "/").href)
      ? standIn
      : Reflect.apply(require, this, [specifier]);
  };
}

async function nextLine() {
  const bytes = [];
  const one = Buffer.alloc(4096);
  for (;;) {
    try {
      const read = readSync(descriptor, one);
      if (read === 0) process.exit(1);
      bytes.push(Buffer.from(one.subarray(0, read)));
      if (one[read - 1] === 10) return Buffer.concat(bytes).toString("utf8");
    } catch (error) {
      if (error?.code !== "EAGAIN") throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
