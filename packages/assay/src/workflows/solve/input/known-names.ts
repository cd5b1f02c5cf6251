/** What a line of cases may use without the solution having it: what builds values. */
export const knownNames = {
  python: new Set([
    ...[
      "set",
      "frozenset",
      "float",
      "complex",
      "bytes",
      "bytearray",
      "tuple",
      "list",
      "dict",
      "range",
      "int",
      "str",
      "bool",
    ],
    ...["len", "sorted", "abs", "sum", "min", "max"],
  ]),
  javascript: new Set([
    ...[
      "undefined",
      "NaN",
      "Infinity",
      "Map",
      "Set",
      "Date",
      "BigInt",
      "Number",
      "String",
      "Boolean",
      "Array",
      "Object",
    ],
    ...["Math", "JSON", "Error", "Uint8Array"],
  ]),
} as const;

/** Exceptions that Python has itself. */
const pythonExceptions =
  /^(?:(?:Arithmetic|Assertion|Attribute|Buffer|EOF|FloatingPoint|Import|ModuleNotFound|Index|Key|Lookup|Memory|Name|NotImplemented|OS|Overflow|Recursion|Reference|Runtime|Syntax|Indentation|Type|UnboundLocal|Unicode|UnicodeDecode|UnicodeEncode|Value|ZeroDivision|FileExists|FileNotFound|Permission|Timeout|Connection)Error|Exception|BaseException|StopIteration|StopAsyncIteration)$/;
const javascriptExceptions = /^(?:|Eval|Range|Reference|Syntax|Type|URI|Aggregate)Error$/;

/** True for an exception that the language brings; any other has to come from the solution. */
export function isKnownException(name: string, language: keyof typeof knownNames): boolean {
  return (language === "python" ? pythonExceptions : javascriptExceptions).test(name);
}
