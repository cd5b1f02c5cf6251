// Runs inside the sandbox, on both sides: calls between the examiner and a candidate, in both directions, and handles for what
// cannot travel by value. `../../protocol.md` says what is sent.
import { types } from "node:util";
import { changesOf, update } from "./changes.mjs";
import { errorOf, raisedBy } from "./errors.mjs";
import { decode, encode, Malformed, Unsupported } from "./values.mjs";

const handlesMax = 10_000;
const nestingMax = 100;
const { isArray } = Array;
const { isInteger } = Number;
const { hasOwn } = Object;
const { isPromise } = types;

export class Peer {
  #frames;
  #lends;
  #makeRemote;
  #judgingMember;
  #instances = new Set();
  #exported = [];
  #numbers = new Map();
  #imported = new Map();
  #ownNumbers = new WeakMap();
  #nextCall = 0;
  #depth = 0;
  #builtins;
  #touched = false;
  answered = 0;
  /** Why something could not travel: a check in which that happened proves nothing. */
  refused;
  /** What broke the connection; nothing that a test catches may hide it. */
  broken;

  /** `operations`: what the other side may ask for, by name; `makeRemote` makes what stands for something of the other side; `judgingMember` gives what stands for a function under a key of plain data that would be asked for a verdict; `builtins` notices when what a call does reaches those of this side. */
  constructor(frames, { operations, lends, makeRemote, judgingMember = () => undefined, builtins }) {
    this.#frames = frames;
    this.operations = operations;
    this.#lends = lends;
    this.#makeRemote = makeRemote;
    this.#judgingMember = judgingMember;
    this.#builtins = builtins;
  }

  unsupported(message) {
    this.refused ??= message;
    return new Unsupported(message);
  }

  lend(value) {
    const own = this.#ownNumbers.get(value);
    if (own !== undefined) return { own };
    if (!this.#lends(value)) throw new Unsupported("an object that is not plain cannot travel");
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#exported.length;
      if (number >= handlesMax) throw new Unsupported("too many objects that cannot travel");
      this.#exported.push(value);
      this.#numbers.set(value, number);
    }
    return { [typeof value === "function" ? "fn" : "h"]: number };
  }

  remote(number, isFunction) {
    const key = `${isFunction ? "fn" : "h"}${number}`;
    if (!this.#imported.has(key)) {
      const made = this.#makeRemote(this, number, isFunction);
      this.#imported.set(key, made);
      this.#ownNumbers.set(made, number);
    }
    return this.#imported.get(key);
  }

  /** Whether this side made it, with `new`. */
  isInstance(number) {
    return this.#instances.has(number);
  }

  encode(value) {
    try {
      return encode(value, (each) => this.lend(each));
    } catch (error) {
      throw error instanceof Unsupported ? this.unsupported(error.message) : error;
    }
  }

  decode(document) {
    return decode(document, (tag, number, key) => {
      const member = tag === "fn" ? this.#judgingMember(this, key) : undefined;
      if (member !== undefined) return member;
      if (tag === "own") {
        if (number < this.#exported.length) return this.#exported[number];
      } else if (number < handlesMax) return this.remote(number, tag === "fn");
      throw new Malformed("not a handle");
    });
  }

  /** Asks the other side for something and answers what it asks meanwhile. Throws what was thrown there. */
  ask(operation, on, args) {
    if (this.broken !== undefined) throw this.broken;
    const sent = args.map((each) => this.encode(each));
    const call = this.#nextCall++;
    let outcome;
    try {
      this.#frames.send({ call, do: operation, on, args: sent });
      outcome = this.#conclude(this.#answerTo(call), args);
      this.#lookAtBuiltins();
    } catch (error) {
      if (error instanceof Unsupported) throw error;
      this.broken ??= new Malformed(`${error?.message ?? error}`.slice(0, 500));
      throw this.broken;
    }
    this.answered += 1;
    if (outcome.refused !== undefined) throw this.unsupported(outcome.refused);
    const { failed, later, value } = outcome;
    if (later) return failed ? Promise.reject(value) : Promise.resolve(value);
    if (failed) throw value;
    if (operation === "new" && this.#ownNumbers.has(value)) this.#instances.add(this.#ownNumbers.get(value));
    return value;
  }

  /** Before anything that is not new is written to, by us or by a function of the tests that the other side calls. */
  #touch() {
    if (this.#builtins === undefined || this.#touched) return;
    this.#builtins.remember();
    this.#touched = true;
  }

  #lookAtBuiltins() {
    if (!this.#touched || this.#depth > 0) return;
    this.#touched = false;
    if (!this.#builtins.unchanged()) throw new Malformed("what the language itself has was changed");
  }

  #answerTo(call) {
    for (;;) {
      const frame = this.#frames.receive();
      if (typeof frame !== "object" || frame === null) throw new Malformed("not a frame");
      if (!hasOwn(frame, "do")) {
        if (frame.answer !== call) throw new Malformed("an answer to nothing that was asked");
        return frame;
      }
      this.#touch();
      this.#frames.send({ answer: frame.call, ...this.#serveNow(frame) });
    }
  }

  #conclude(frame, args) {
    if (hasOwn(frame, "unsupported")) return { refused: `${frame.unsupported}`.slice(0, 500) };
    if (hasOwn(frame, "changed")) this.#change(frame.changed, args);
    const later = frame.later === true;
    if (hasOwn(frame, "raised")) return { later, failed: true, value: errorOf(frame.raised) };
    if (hasOwn(frame, "threw")) return { later, failed: true, value: this.decode(frame.threw) };
    if (hasOwn(frame, "argument")) return { later, value: args[place(frame.argument, args)] };
    if (!hasOwn(frame, "value")) throw new Malformed("not an answer");
    return { later, value: this.decode(frame.value) };
  }

  #change(changed, args) {
    if (!isArray(changed)) throw new Malformed("not a list of changes");
    if (changed.length > 0) this.#touch();
    for (const change of changed) {
      if (!isArray(change) || change.length !== 2) throw new Malformed("not a change");
      update(args[place(change[0], args)], this.decode(change[1]));
    }
  }

  /** Does what the other side asks and answers; a promise is awaited first. */
  async serve(frame) {
    const { args, value, thrown } = this.#perform(frame);
    let answer;
    if (thrown === undefined && isPromise(value)) {
      try {
        answer = { later: true, ...this.#told(frame, args, await value) };
      } catch (error) {
        answer = { later: true, ...this.#raised(frame, args, error) };
      }
    } else answer = this.#answer(frame, args, value, thrown);
    this.#frames.send({ answer: frame.call, ...answer });
  }

  #serveNow(frame) {
    this.#depth += 1;
    try {
      if (this.#depth > nestingMax) throw new Malformed("calls are nested too deeply");
      const { args, value, thrown } = this.#perform(frame);
      return this.#answer(frame, args, value, thrown);
    } finally {
      this.#depth -= 1;
    }
  }

  #perform(frame) {
    if (!isArray(frame.args) || typeof frame.do !== "string" || !hasOwn(this.operations, frame.do))
      throw new Malformed("not a request");
    const target = frame.on === undefined ? undefined : this.#exported[place(frame.on, this.#exported)];
    let args;
    try {
      args = frame.args.map((each) => this.decode(each));
    } catch (error) {
      if (error instanceof Unsupported) return { args: [], thrown: { error } };
      throw error;
    }
    try {
      return { args, value: this.operations[frame.do](target, args) };
    } catch (error) {
      return { args, thrown: { error } };
    }
  }

  #answer(frame, args, value, thrown) {
    return thrown === undefined ? this.#told(frame, args, value) : this.#raised(frame, args, thrown.error);
  }

  #told(frame, args, value) {
    try {
      const changed = changesOf(this, frame.args, args);
      const argument = typeof value === "object" && value !== null ? args.indexOf(value) : -1;
      return argument >= 0 ? { argument, changed } : { value: this.encode(value), changed };
    } catch (error) {
      if (error instanceof Unsupported) return { unsupported: error.message };
      return this.#raised(frame, args, error);
    }
  }

  #raised(frame, args, error) {
    if (error instanceof Unsupported) return { unsupported: error.message };
    try {
      const raised = raisedBy(error);
      const changed = changesOf(this, frame.args, args);
      return raised === undefined ? { threw: this.encode(error), changed } : { raised, changed };
    } catch (refusal) {
      return { unsupported: `${refusal?.message}` };
    }
  }
}

/** An index of what is really there: any other name may be one that the prototype has. */
function place(index, list) {
  if (!isInteger(index) || !hasOwn(list, index)) throw new Malformed("no such argument or object");
  return index;
}
