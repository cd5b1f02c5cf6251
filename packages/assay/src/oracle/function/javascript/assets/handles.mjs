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
      return peer.ask("get", number, [key]);
    },
  };
  for (const trap of untold) traps[trap] = () => refuse(trap);
  if (!isFunction) return new Proxy({}, traps);
  traps.apply = (_target, _self, args) => peer.ask("call", number, args);
  traps.construct = (_target, args) => peer.ask("new", number, args);
  return new Proxy(function candidate() {}, traps);
}

/** What the language itself calls to compare or to print. */
const unspoken = new Set(["valueOf", "toString", "toLocaleString", "toJSON", "constructor", "__proto__"]);

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
