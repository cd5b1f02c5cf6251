import type { ClassifiedFailure } from "@assay/sdk";

/** What a failure's message says is wrong, as far as that needs no search. */
export type KnownFailure =
  /** A name that nothing defines. */
  | { kind: "undefined-name"; name: string }
  /** A name that the function gives a value only later, and that something around it defines. */
  | { kind: "unbound-local"; name: string }
  /** A name that the module named does not have. */
  | { kind: "missing-export"; name: string; module: string }
  | { kind: "missing-module"; module: string }
  | { kind: "missing-attribute"; name: string }
  | { kind: "argument-count"; function: string; surplus: boolean }
  | { kind: "unknown-keyword"; function: string; keyword: string }
  | { kind: "syntax" };

type Pattern = { message: RegExp; known: (groups: Record<string, string>) => KnownFailure };

const call = (name: string): string => name.split(".").at(-1) ?? name;

/** Python's, then Node's. */
const patterns: readonly Pattern[] = [
  { message: /^name '(?<name>\w+)' is not defined/, known: ({ name = "" }) => ({ kind: "undefined-name", name }) },
  {
    message: /local variable '(?<name>\w+)'.* (?:where it is not associated with a value|referenced before assignment)/,
    known: ({ name = "" }) => ({ kind: "unbound-local", name }),
  },
  {
    message: /^cannot import name '(?<name>\w+)' from '(?<module>[\w.]+)'/,
    known: ({ name = "", module = "" }) => ({ kind: "missing-export", name, module }),
  },
  { message: /^No module named '(?<module>[\w.]+)'/, known: ({ module = "" }) => ({ kind: "missing-module", module }) },
  { message: /has no attribute '(?<name>\w+)'/, known: ({ name = "" }) => ({ kind: "missing-attribute", name }) },
  {
    message: /^(?<name>[\w.<>]+)\(\) got an unexpected keyword argument '(?<keyword>\w+)'/,
    known: ({ name = "", keyword = "" }) => ({ kind: "unknown-keyword", function: call(name), keyword }),
  },
  {
    message: /^(?<name>[\w.<>]+)\(\) takes .* positional arguments? but \d+ (?:was|were) given/,
    known: ({ name = "" }) => ({ kind: "argument-count", function: call(name), surplus: true }),
  },
  {
    message: /^(?<name>[\w.<>]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?/,
    known: ({ name = "" }) => ({ kind: "argument-count", function: call(name), surplus: false }),
  },
  { message: /^(?<name>[\w$]+) is not defined/, known: ({ name = "" }) => ({ kind: "undefined-name", name }) },
  {
    message: /^The requested module '(?<module>[^']+)' does not provide an export named '(?<name>[\w$]+)'/,
    known: ({ name = "", module = "" }) => ({ kind: "missing-export", name, module }),
  },
  {
    message: /^Cannot find module '(?<module>[^']+)'/,
    known: ({ module = "" }) => ({ kind: "missing-module", module }),
  },
  {
    message: /(?:^|\.)(?<name>[\w$]+) is not a function/,
    known: ({ name = "" }) => ({ kind: "missing-attribute", name }),
  },
  {
    message: /^Cannot read properties of undefined \(reading '(?<name>[\w$]+)'\)/,
    known: ({ name = "" }) => ({ kind: "missing-attribute", name }),
  },
];

export function knownFailure({ category, failure }: ClassifiedFailure): KnownFailure | undefined {
  for (const { message, known } of patterns) {
    const found = message.exec(failure.message);
    if (found !== null) return known(found.groups ?? {});
  }
  return category === "syntax" ? { kind: "syntax" } : undefined;
}
