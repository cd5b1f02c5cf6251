// Runs inside the sandbox, in the examiner: whether the language's own objects are still what they were. Methods are frozen, which nobody
// notices; prototypes and constructors are compared, since honest tests would fail if they were frozen: `object.toString = …` would do
// nothing. Nothing in a comparison goes through what it looks at.
const { freeze, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is } = Object;
const { ownKeys } = Reflect;

/** Whatever plain data leads to by name, and what has a prototype of its own that no constructor leads to. */
const roots = () => [
  ...[
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Symbol,
    BigInt,
    RegExp,
    Date,
    Promise,
    Proxy,
    Math,
    JSON,
    Reflect,
  ],
  ...[Map, Set, WeakMap, WeakSet, WeakRef, ArrayBuffer, SharedArrayBuffer, DataView, Atomics, Iterator],
  ...[Error, AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError],
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array],
  ...[[][Symbol.iterator](), ""[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator]()],
  ...["".matchAll(/a/g), function* () {}, async function* () {}, async () => {}],
];

export class Builtins {
  #known = [];

  /** Takes them as they are: tests may change their own. */
  remember() {
    if (this.#known.length > 0 && this.unchanged()) return;
    this.#known = [];
    const found = new Set(roots());
    for (const object of found) {
      if (typeof object === "function" && !hasOwn(object, "prototype") && object !== Function.prototype) {
        freeze(object);
        continue;
      }
      const keys = ownKeys(object);
      const properties = keys.map((key) => getOwnPropertyDescriptor(object, key));
      const prototype = getPrototypeOf(object);
      this.#known.push({ object, prototype, keys, properties });
      for (const each of [prototype, ...properties.flatMap(({ value, get, set }) => [value, get, set])]) {
        if (typeof each === "function" || (typeof each === "object" && each !== null)) found.add(each);
      }
    }
  }

  unchanged() {
    for (let at = 0; at < this.#known.length; at += 1) if (!isSame(this.#known[at])) return false;
    return true;
  }
}

function isSame({ object, prototype, keys, properties }) {
  const now = ownKeys(object);
  if (now.length !== keys.length || getPrototypeOf(object) !== prototype) return false;
  for (let at = 0; at < keys.length; at += 1) {
    if (now[at] !== keys[at]) return false;
    const before = properties[at];
    const after = getOwnPropertyDescriptor(object, keys[at]);
    // A missing one would be looked for in the prototype that is in question here.
    if (after === undefined || !is(before.value, after.value) || before.get !== after.get || before.set !== after.set)
      return false;
  }
  return true;
}
