// Runs inside the sandbox: edits that pass the same tests, told apart. What the tests call the edited functions with, and inputs a
// little different from that, are given to the functions with each of the edits, until one is found of which two make different things.
import { inspect } from "node:util";
import vm from "node:vm";

const recordedMax = 40;
const inputsMax = 400;
const msMax = 1500;
const callMsMax = 500;
const fuel = 200_000;
const itemsMax = 200;
const textMax = 300;

const show = (value) =>
  inspect(value, { depth: 6, maxArrayLength: itemsMax, sorted: true, breakLength: Number.POSITIVE_INFINITY }).slice(
    0,
    textMax,
  );

/** Keeps copies of what functions are called with, by function. */
export class Recording {
  calls = new Map();

  /** `callee` is the function, or the name of a method of `self`. */
  enter(unit, self, callee, given) {
    const known = this.calls.get(unit) ?? { callee, inputs: [], keys: new Set() };
    this.calls.set(unit, known);
    if (known.inputs.length >= recordedMax) return;
    try {
      const input = {
        self: typeof callee === "string" ? copied(self) : undefined,
        args: Array.from(given, (value) => copied(value)),
      };
      const key = keyOf(input);
      if (known.keys.has(key)) return;
      known.keys.add(key);
      known.inputs.push(input);
    } catch {
      // What cannot be copied is no input.
    }
  }
}

/** The call and each edit's result; `undefined` where none was found. */
export async function tellApart(control, ids, calls) {
  const ends = performance.now() + msMax;
  let thrown;
  for (const { callee, input } of inputsOf(calls)) {
    if (performance.now() > ends) break;
    const results = [];
    for (const id of ids) results.push({ id, ...(await resultOf(control, id, callee, input)) });
    if (new Set(results.map(({ result }) => result)).size < 2) continue;
    const found = { call: callText(callee, input), results: results.map(({ id, result }) => ({ id, result })) };
    const values = new Set(results.filter(({ isValue }) => isValue).map(({ result }) => result));
    if (values.size > 1) return found;
    // An input that one refuses may be one that nobody should give.
    thrown ??= found;
  }
  return thrown;
}

/** Calls as they were recorded, then with one argument a little different. */
function* inputsOf(calls) {
  for (const { callee, inputs } of calls.values()) for (const input of inputs) yield { callee, input };
  for (const { callee, inputs, keys } of calls.values()) {
    let count = 0;
    for (const input of inputs) {
      for (const [index, value] of input.args.entries()) {
        const pool = inputs.map(({ args }) => args[index]);
        for (const other of near(value, pool)) {
          const changed = { ...input, args: input.args.with(index, other) };
          const key = keyOf(changed);
          if (keys.has(key) || count >= inputsMax) continue;
          keys.add(key);
          count += 1;
          yield { callee, input: changed };
        }
      }
    }
  }
}

/**
 * Values of the same kind: those that other calls have, then neighbours. Nothing of a sort that was never seen: a function that is only
 * ever given positive numbers need not know what to do with others.
 */
function near(value, pool) {
  const alike = pool.filter((other) => kindOf(other) === kindOf(value));
  const differs = (other) => show(other) !== show(value);
  switch (kindOf(value)) {
    case "boolean":
      return [!value];
    case "number": {
      const floor = Math.min(...alike);
      const others = [value + 1, value - 1, value * 2, value + 2, ...alike, ...(floor < 0 ? [-value] : [])];
      return others.filter((other) => differs(other) && other >= Math.min(floor, floor < 2 ? 0 : 1));
    }
    case "string": {
      const others = [
        ...alike,
        value + value.slice(0, 1),
        value.slice(1),
        value.slice(0, -1),
        [...value].reverse().join(""),
        value + value,
        value.toUpperCase(),
      ];
      return others.filter((other) => differs(other) && (other !== "" || alike.includes("")));
    }
    case "array": {
      const others = [
        ...alike,
        value.slice(1),
        value.slice(0, -1),
        value.toReversed(),
        [...value, ...value.slice(0, 1)],
        [...value, ...value],
      ];
      const items = alike.flat().slice(0, 20);
      for (const [index, item] of value.slice(0, 4).entries()) {
        for (const other of near(item, items).slice(0, 3)) others.push(value.with(index, other));
      }
      return others.filter((other) => differs(other) && (other.length > 0 || alike.some(({ length }) => length === 0)));
    }
    case "object": {
      const others = [...alike];
      for (const key of Object.keys(value).slice(0, 4)) {
        const items = alike.flatMap((other) => (key in other ? [other[key]] : []));
        for (const other of near(value[key], items).slice(0, 3)) others.push({ ...value, [key]: other });
      }
      return others.filter(differs);
    }
    default:
      return alike.filter(differs).slice(0, 3);
  }
}

function kindOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value !== "object") return typeof value;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? "object" : (prototype.constructor?.name ?? "thing");
}

/** What the function makes of the input with the edit in force, and whether that is a value. */
async function resultOf(control, id, callee, input) {
  const self = copied(input.self);
  const args = input.args.map((value) => copied(value));
  control.edit = id;
  control.used = 0;
  control.most = fuel;
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("late")), callMsMax);
    });
    const called = withoutHanging(() =>
      typeof callee === "string" ? self[callee](...args) : Reflect.apply(callee, undefined, args),
    );
    const value = await Promise.race([called, late]);
    const isIterator = typeof value?.next === "function" && typeof value[Symbol.iterator] === "function";
    const texts = [show(isIterator ? value.take(itemsMax).toArray() : value)];
    for (const [index, arg] of args.entries()) {
      if (show(arg) !== show(input.args[index])) texts.push(`argument ${index + 1} is then ${show(arg)}`);
    }
    if (self !== undefined && show(self) !== show(input.self)) texts.push(`the object is then ${show(self)}`);
    return { result: texts.join("; ").slice(0, textMax), isValue: true };
  } catch (error) {
    const hung = control.used > fuel || error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    return { result: hung ? "does not end" : `throws ${error?.name ?? typeof error}`, isValue: false };
  } finally {
    clearTimeout(timer);
    control.edit = -1;
    control.most = Number.POSITIVE_INFINITY;
  }
}

const script = new vm.Script("globalThis[Symbol.for('assay.call')]()");

/** A loop in the text of an edit counts no fuel. */
function withoutHanging(call) {
  globalThis[Symbol.for("assay.call")] = call;
  return script.runInThisContext({ timeout: callMsMax });
}

function callText(callee, { self, args }) {
  const name = typeof callee === "string" ? `${self?.constructor?.name ?? "object"}.${callee}` : callee.name;
  return `${name}(${args.map(show).join(", ")})`.slice(0, textMax);
}

function keyOf({ self, args }) {
  return show([self, ...args]);
}

/** Objects keep their prototypes; functions are shared. Private fields are lost: who needs them fails with every edit alike. */
function copied(value, seen = new Map()) {
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  if (value instanceof Map) return new Map([...value].map((pair) => pair.map((item) => copied(item, seen))));
  if (value instanceof Set) return new Set([...value].map((item) => copied(item, seen)));
  if (value instanceof Date) return new Date(value);
  if (value instanceof RegExp || ArrayBuffer.isView(value) || value instanceof Promise) return structuredClone(value);
  const copy = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  seen.set(value, copy);
  for (const key of Reflect.ownKeys(value)) {
    if (key !== "length" || !Array.isArray(value)) copy[key] = copied(value[key], seen);
  }
  return copy;
}
