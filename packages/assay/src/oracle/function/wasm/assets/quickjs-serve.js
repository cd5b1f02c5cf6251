// Evaluated inside QuickJS after the candidate: answers calls with plain values. Everything here is in the candidate's hands.
// What is not plain cannot travel from here; pure snippets have nothing else.
(() => {
  const { __receive: receive, __send: send, __entry: entry } = globalThis;
  const { parse, stringify } = JSON;
  const known = ["TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "Error"];

  const plain = (value) => {
    const prototype = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  };
  const pairs = (value) => Object.keys(value).map((key) => [key, encode(value[key])]);

  function encode(value) {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { f: Object.is(value, -0) ? "-0" : `${value}` };
      case "undefined":
        return { u: 0 };
      case "bigint":
        return { i: value < 0n ? `-${(-value).toString(16)}` : value.toString(16) };
      case "object":
        if (value === null) return null;
        if (Array.isArray(value) && Object.keys(value).length === value.length) return value.map(encode);
        if (value instanceof Map) return { m: [...value].map(([key, each]) => [encode(key), encode(each)]) };
        if (value instanceof Set) return { s: [...value].map(encode) };
        if (value instanceof Date) return { dt: encode(value.getTime()) };
        if (plain(value)) return Object.getPrototypeOf(value) === null ? { on: pairs(value) } : { o: pairs(value) };
    }
    throw new Unsupported(`a value of type ${typeof value} cannot travel`);
  }

  function decode(document) {
    if (typeof document !== "object" || document === null) return document;
    if (Array.isArray(document)) return document.map(decode);
    const [tag] = Object.keys(document);
    const content = document[tag];
    const fill = (target) => {
      for (const [key, value] of content) {
        Object.defineProperty(target, key, {
          value: decode(value),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
      return target;
    };
    switch (tag) {
      case "f":
        return Number(content);
      case "u":
        return undefined;
      case "i":
        return content.startsWith("-") ? -BigInt(`0x${content.slice(1)}`) : BigInt(`0x${content}`);
      case "o":
        return fill({});
      case "on":
        return fill(Object.create(null));
      case "m":
        return new Map(content.map(([key, each]) => [decode(key), decode(each)]));
      case "s":
        return new Set(content.map(decode));
      case "dt":
        return new Date(decode(content));
      default:
        throw new Unsupported("an argument that is not plain cannot travel");
    }
  }

  class Unsupported extends Error {}

  function perform({ args: sent, do: operation }) {
    const args = sent.map(decode);
    if (operation === "end") return { value: 0, changed: [] };
    const value = entry(...args);
    const changed = [];
    args.forEach((arg, index) => {
      if (typeof arg !== "object" || arg === null) return;
      const document = encode(arg);
      if (stringify(document) !== stringify(sent[index])) changed.push([index, document]);
    });
    const argument = typeof value === "object" && value !== null ? args.indexOf(value) : -1;
    return argument >= 0 ? { argument, changed } : { value: encode(value), changed };
  }

  send(stringify({ ready: true }));
  for (;;) {
    const frame = parse(receive());
    let answer;
    try {
      answer = perform(frame);
    } catch (error) {
      if (error instanceof Unsupported) answer = { unsupported: error.message };
      else if (error instanceof Error) {
        const names = known.includes(error.name) ? [error.name] : [String(error.name), "Error"];
        answer = { raised: [names, String(error.message)] };
      } else answer = { threw: encode(error) };
    }
    send(stringify({ answer: frame.call, ...answer }));
  }
})();
