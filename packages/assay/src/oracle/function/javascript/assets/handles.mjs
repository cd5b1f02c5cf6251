// Runs inside the sandbox, in the examiner: what stands for an object of the candidate's. It equals itself only; what it
// equals, holds or looks like is never asked of who made it, and asking makes the check unsupported, whatever the tests catch.

const untold = [
  "has",
  "ownKeys",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "set",
  "deleteProperty",
  "defineProperty",
];
const own = ["call", "apply", "bind"];

export function handle(peer, number, isFunction) {
  const refuse = (what) => {
    throw peer.unsupported(`${what} of an object that cannot travel`);
  };
  const items = new Items(refuse);
  const traps = {
    get: (target, key) => {
      if (key === Symbol.iterator) return () => iterator(peer, peer.ask("iter", number, []), items);
      if (isFunction && own.includes(key)) return Reflect.get(target, key);
      // Awaiting an object asks whether it is a promise; promises do not come as handles.
      if (key === "then") return undefined;
      if (typeof key === "symbol" || unspoken.has(key)) return refuse(String(key));
      if (judging.has(key) && !peer.isInstance(number)) return refuse(key);
      const value = peer.ask("get", number, [key]);
      if (key === "length" || key === "size") items.tell(value);
      else if (typeof value === "function") changers.set(numberOf(peer, value), items);
      return value;
    },
  };
  for (const trap of untold) traps[trap] = () => refuse(trap);
  if (!isFunction) return new Proxy({}, traps);
  traps.apply = (_target, _self, args) => {
    changers.get(number)?.forget();
    return peer.ask("call", number, args);
  };
  traps.construct = (_target, args) => peer.ask("new", number, args);
  return new Proxy(function candidate() {}, traps);
}

/** By the number of a method: whose items a call of it may change. */
const changers = new Map();

/** How many items an object said it has, and how many it gave: no test may rest on the one without the other. */
class Items {
  #told;
  #given;
  #refuse;

  constructor(refuse) {
    this.#refuse = refuse;
  }

  tell(length) {
    if (this.#given !== undefined && this.#given !== length) this.#refuse("a length that is not so");
    this.#told = length;
  }

  give(count) {
    if (this.#told !== undefined && this.#told !== count) this.#refuse("a length that is not so");
    this.#given = count;
  }

  forget() {
    this.#told = this.#given = undefined;
  }
}

/** What the language itself calls to compare, to print or to await. */
const unspoken = new Set(["valueOf", "toString", "toLocaleString", "toJSON", "constructor", "__proto__", "then"]);

/**
 * Built-in methods that are told what a test expects, or that go through items for it: asked of what a function returned, they would
 * let it judge itself. An instance that the tests made with `new` is what they test, and may be asked.
 */
const judging = new Set([
  ...["every", "some", "includes", "indexOf", "lastIndexOf", "findIndex", "findLastIndex"],
  ...["find", "findLast", "forEach", "map", "flatMap", "filter", "reduce", "reduceRight", "entries", "keys", "values"],
  ...[
    "startsWith",
    "endsWith",
    "localeCompare",
    "match",
    "matchAll",
    "search",
    "test",
    "replace",
    "replaceAll",
    "split",
  ],
  ...["has", "isSubsetOf", "isSupersetOf", "isDisjointFrom", "equals"],
  ...["difference", "symmetricDifference", "intersection", "union"],
]);

/** What stands for a function under this name inside of plain data where it would be asked for a verdict; nothing calls one that is judging unasked. */
export function judgingMember(peer, key) {
  const refusal = () => peer.unsupported(`${key} of an object that cannot travel`);
  if (unspoken.has(key)) throw refusal();
  if (!judging.has(key)) return undefined;
  return () => {
    throw refusal();
  };
}

function iterator(peer, source, items) {
  let count = 0;
  return {
    next(...args) {
      // Asked once each: what answers differently the second time does not reach the loop.
      const { done, value } = peer.ask("next", numberOf(peer, source), args);
      if (done) items.give(count);
      else count += 1;
      return { done: Boolean(done), value };
    },
    [Symbol.iterator]() {
      return this;
    },
  };
}

function numberOf(peer, source) {
  const { own: number } = peer.encode(source) ?? {};
  if (number === undefined) throw peer.unsupported("an iterator that is plain data");
  return number;
}
