// Runs inside the sandbox, on both sides: errors by the names of their classes, nearest first, and a message.
import { Malformed } from "./values.mjs";

const known = [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, Error];
const byName = new Map(known.map((ErrorType) => [ErrorType.name, ErrorType]));
const textMax = 2000;

/** `[names, message]` of an error; `undefined` for anything else that was thrown. */
export function raisedBy(error) {
  if (!(error instanceof Error)) return undefined;
  const names = [textOf(error, "name"), ...known.filter((each) => error instanceof each).map(({ name }) => name)];
  return [names, textOf(error, "message")];
}

function textOf(error, key) {
  try {
    return `${error[key]}`.slice(0, textMax);
  } catch {
    return "";
  }
}

/** An error of our own of the nearest class that is known here. */
export function errorOf(raised) {
  if (!Array.isArray(raised) || !Array.isArray(raised[0]) || typeof raised[1] !== "string") {
    throw new Malformed("not an error");
  }
  const [names, message] = raised;
  const ErrorType = names.map((name) => byName.get(name)).find((each) => each !== undefined) ?? Error;
  const error = new ErrorType(message.slice(0, textMax));
  const [name] = names;
  if (typeof name === "string" && name !== ErrorType.name) {
    Object.defineProperty(error, "name", { value: name.slice(0, textMax), configurable: true, writable: true });
  }
  return error;
}
