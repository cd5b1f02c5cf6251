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
  const traps = {
    get: (target, key) => {
      if (key === Symbol.iterator) return () => iterator(peer, peer.ask("iter", number, []));
      if (isFunction && own.includes(key)) return Reflect.get(target, key);
      // Awaiting an object asks whether it is a promise; promises do not come as handles.
      if (key === "then") return undefined;
      if (typeof key === "symbol" || unspoken.has(key)) return refuse(String(key));
      if (judging.has(key) && !peer.isInstance(number)) return refuse(key);
      return peer.ask("get", number, [key]);
    },
  };
  for (const trap of untold) traps[trap] = () => refuse(trap);
  if (!isFunction) return new Proxy({}, traps);
  traps.apply = (_target, _self, args) => peer.ask("call", number, args);
  traps.construct = (_target, args) => peer.ask("new", number, args);
  return new Proxy(function candidate() {}, traps);
}

/** What the language itself calls to compare, to print or to await. */
const unspoken = new Set(["valueOf", "toString", "toLocaleString", "toJSON", "constructor", "__proto__", "then"]);

/**
 * Built-in methods on whose answer alone an assertion may rest: asked of what a function returned, they would let it judge
 * itself. An instance that the tests made with `new` is what they test, and may be asked.
 */
const judging = new Set([
  ...["every", "some", "includes", "indexOf", "lastIndexOf", "findIndex", "findLastIndex"],
  ...["startsWith", "endsWith", "localeCompare", "match", "search", "test"],
  ...["has", "isSubsetOf", "isSupersetOf", "isDisjointFrom", "equals"],
]);

/** Whether a function under this name inside of plain data would be asked for a verdict. */
export const wouldJudge = (key) => unspoken.has(key) || judging.has(key);

function iterator(peer, source) {
  return {
    next: (...args) => peer.ask("next", numberOf(peer, source), args),
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
