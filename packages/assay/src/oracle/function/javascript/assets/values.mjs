// Runs inside the sandbox, on both sides: values as documents. Only exact plain data travels; the decoder makes what is in its
// table and nothing else, whatever it is told.
import { types } from "node:util";

/** Objects within one another. */
const depthMax = 200;
/** Hexadecimal digits of a bigint. */
const digitsMax = 20_000;
const lengthMax = 10_000_000;

export class Unsupported extends Error {
  name = "Unsupported";
}
export class Malformed extends Error {
  name = "Malformed";
}

const { getPrototypeOf, defineProperty, getOwnPropertyDescriptor, create, is } = Object;
const { ownKeys } = Reflect;
const { isArray } = Array;
const { isInteger, isFinite: isFiniteNumber } = Number;
const { isProxy, isDate, isMap, isSet, isRegExp, isTypedArray, isArrayBuffer, isPromise } = types;
const typedArrays = new Map(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((ArrayType) => [ArrayType.name, ArrayType]),
);

/** A value's document; `lend` makes one for an object that cannot travel, or throws `Unsupported`. */
export function encode(value, lend, depth = 0) {
  if (depth > depthMax) throw new Unsupported("values are nested too deeply, or in a circle");
  const item = (each) => encode(each, lend, depth + 1);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return isFiniteNumber(value) && !is(value, -0) ? value : { f: is(value, -0) ? "-0" : `${value}` };
    case "undefined":
      return { u: 0 };
    case "bigint":
      return { i: value < 0n ? `-${(-value).toString(16)}` : value.toString(16) };
    case "object":
      return value === null ? null : (encodeObject(value, item) ?? lend(value));
    case "function":
      return lend(value);
    default:
      throw new Unsupported(`a ${typeof value} cannot travel`);
  }
}

/** `undefined` for what is not exactly plain: a proxy, a class's instance, an accessor, a symbol for a key. */
function encodeObject(value, item) {
  if (isProxy(value)) return undefined;
  if (isPromise(value)) throw new Unsupported("a promise inside of a value cannot travel");
  const prototype = getPrototypeOf(value);
  if (isArray(value)) return prototype === Array.prototype ? encodeArray(value, item) : undefined;
  if (isDate(value)) return exact(value, Date) ? { dt: item(Date.prototype.getTime.call(value)) } : undefined;
  if (isRegExp(value)) return prototype === RegExp.prototype ? { re: [value.source, value.flags] } : undefined;
  if (isMap(value))
    return exact(value, Map) ? { m: [...value].map(([key, each]) => [item(key), item(each)]) } : undefined;
  if (isSet(value)) return exact(value, Set) ? { s: [...value].map(item) } : undefined;
  if (isArrayBuffer(value)) return exact(value, ArrayBuffer) ? { ab: Buffer.from(value).toString("hex") } : undefined;
  if (isTypedArray(value)) {
    const name = value[Symbol.toStringTag];
    if (prototype !== typedArrays.get(name)?.prototype) return undefined;
    return { ta: [name, Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")] };
  }
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  // Errors and boxed values may have been given a plain prototype.
  if (types.isNativeError(value) || types.isBoxedPrimitive(value)) return undefined;
  const pairs = plainPairs(value, ownKeys(value), item);
  return pairs && (prototype === null ? { on: pairs } : { o: pairs });
}

const exact = (value, { prototype }) => getPrototypeOf(value) === prototype && ownKeys(value).length === 0;

function encodeArray(value, item) {
  const keys = ownKeys(value).filter((key) => key !== "length");
  const dense = keys.length === value.length && keys.every((key, index) => key === `${index}`);
  const pairs = plainPairs(value, keys, item);
  if (pairs === undefined) return undefined;
  return dense ? pairs.map(([, each]) => each) : { sp: [value.length, pairs] };
}

function plainPairs(value, keys, item) {
  const pairs = [];
  for (const key of keys) {
    const property = getOwnPropertyDescriptor(value, key);
    if (typeof key !== "string" || !property.enumerable || !("value" in property)) return undefined;
    pairs.push([key, item(property.value)]);
  }
  return pairs;
}

/** The value of a document; `resolve` gives that of a handle, by its tag, number and key. Throws `Malformed` for anything that is not in the table. */
export function decode(document, resolve, depth = 0, key = undefined) {
  if (depth > depthMax) throw new Malformed("a document is nested too deeply");
  if (typeof document !== "object" || document === null) return document;
  const item = (each, name) => decode(each, resolve, depth + 1, name);
  if (isArray(document)) return document.map((each) => item(each));
  const tags = Object.keys(document);
  if (tags.length !== 1) throw new Malformed("not a value");
  const [tag] = tags;
  const content = document[tag];
  if (tag === "h" || tag === "fn" || tag === "own") return resolve(tag, integer(content), key);
  if (!Object.hasOwn(decoders, tag)) throw new Malformed("an unknown kind of value");
  return decoders[tag](content, item);
}

const decoders = {
  __proto__: null,
  f: (content) => {
    const value = { __proto__: null, NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity, "-0": -0 }[text(content)];
    if (value === undefined) throw new Malformed("not a number");
    return value;
  },
  u: () => undefined,
  i: (content) => {
    const digits = text(content);
    if (digits.length > digitsMax || !/^-?[0-9a-f]+$/.test(digits)) throw new Malformed("not a bigint");
    return digits.startsWith("-") ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
  },
  o: (content, item) => fill({}, content, item),
  on: (content, item) => fill(create(null), content, item),
  sp: (content, item) => {
    const [length, pairs] = list(content, 2);
    if (integer(length) > lengthMax) throw new Malformed("an array that is too long");
    const array = [];
    array.length = length;
    fill(array, pairs, item);
    if (array.length !== length) throw new Malformed("an array longer than it says");
    return array;
  },
  dt: (content, item) => new Date(number(item(content))),
  re: (content) => {
    const [source, flags] = list(content, 2);
    return new RegExp(text(source), text(flags));
  },
  m: (content, item) => new Map(list(content).map((pair) => list(pair, 2).map((each) => item(each)))),
  s: (content, item) => new Set(list(content).map((each) => item(each))),
  ab: (content) => bytes(content),
  ta: (content) => {
    const [name, hex] = list(content, 2);
    const ArrayType = typedArrays.get(name);
    if (ArrayType === undefined) throw new Malformed("not a typed array");
    return new ArrayType(bytes(hex));
  },
};

function fill(target, pairs, item) {
  for (const pair of list(pairs)) {
    const [key, value] = list(pair, 2);
    // Never by assignment: `__proto__` is a name like any other.
    const property = { value: item(value, key), writable: true, enumerable: true, configurable: true };
    if (isArray(target) && key === "length") throw new Malformed("an array's length is no key");
    defineProperty(target, text(key), property);
  }
  return target;
}

function text(content) {
  if (typeof content !== "string") throw new Malformed("not a text");
  return content;
}

function number(content) {
  if (typeof content !== "number") throw new Malformed("not a number");
  return content;
}

function integer(content) {
  if (!isInteger(content) || content < 0) throw new Malformed("not a number of something");
  return content;
}

function list(content, length) {
  if (!isArray(content) || (length !== undefined && content.length !== length)) throw new Malformed("not a list");
  return content;
}

function bytes(content) {
  const buffer = Buffer.from(text(content), "hex");
  if (buffer.length * 2 !== content.length) throw new Malformed("not hexadecimal");
  return new Uint8Array(buffer).buffer;
}
