// Runs inside the sandbox, on both sides: what a call did to its arguments, and doing the same to the caller's own objects.
import { types } from "node:util";
import { Malformed } from "./values.mjs";

const { stringify } = JSON;

/** Places of the arguments whose documents are no longer those that came, with their documents now. */
export function changesOf(peer, documents, args) {
  const changed = [];
  args.forEach((arg, index) => {
    if (typeof arg !== "object" || arg === null) return;
    const document = peer.encode(arg);
    if (stringify(document) !== stringify(documents[index])) changed.push([index, document]);
  });
  return changed;
}

/** Gives an object the contents of another in place, so that everybody who holds it sees them. */
export function update(mine, theirs) {
  const kind = kindOf(mine);
  if (kind === undefined || kind !== kindOf(theirs)) throw new Malformed("an argument changed its kind");
  if (kind === "map" || kind === "set") {
    mine.clear();
    for (const each of theirs) kind === "map" ? mine.set(...each) : mine.add(each);
  } else if (kind === "date") mine.setTime(theirs.getTime());
  else if (kind === "typed") {
    if (mine.length !== theirs.length) throw new Malformed("an argument changed its length");
    mine.set(theirs);
  } else updateProperties(mine, theirs, kind);
}

function updateProperties(mine, theirs, kind) {
  for (const key of Object.keys(mine)) if (!Object.hasOwn(theirs, key)) delete mine[key];
  for (const key of Object.keys(theirs)) {
    const [before, after] = [Object.hasOwn(mine, key) ? mine[key] : undefined, theirs[key]];
    // An inner object keeps its identity where it can.
    if (kindOf(before) !== undefined && kindOf(before) === kindOf(after) && before !== after) update(before, after);
    else Object.defineProperty(mine, key, { value: after, writable: true, enumerable: true, configurable: true });
  }
  if (kind === "array") mine.length = theirs.length;
}

function kindOf(value) {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return undefined;
  if (Array.isArray(value)) return "array";
  if (types.isMap(value)) return "map";
  if (types.isSet(value)) return "set";
  if (types.isDate(value)) return "date";
  if (types.isTypedArray(value)) return "typed";
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? "object" : undefined;
}
