import type { ErrorCategory, Failure } from "@assay/sdk";
import type { Language } from "#ports";
import { goRules, javaRules, rustRules } from "./compiled-rules.ts";

/** One row of a language's table; the first that matches decides. Absent parts match anything. */
export type CategoryRule = {
  category: ErrorCategory;
  /** Exception class names. */
  types?: readonly string[];
  message?: RegExp;
  /** Something the machine or the sandbox lacks, whoever asked for it. */
  environment?: true;
};

/** Signs, in any language, of something this sandbox or machine does not have. */
const surroundings: readonly CategoryRule[] = [
  {
    category: "other",
    environment: true,
    message:
      /\bENOTFOUND\b|\bEAI_AGAIN\b|\bENETUNREACH\b|Name or service not known|Temporary failure in name resolution|Network is unreachable/,
  },
  { category: "other", environment: true, message: /\bEROFS\b|Read-only file system/ },
  { category: "other", environment: true, types: ["Cancelled", "SandboxFault", "ResourceLimit"] },
  { category: "memory", types: ["MemoryLimit"] },
  { category: "timeout", types: ["Timeout", "TestTimeout"] },
  { category: "crash", types: ["ProcessExited", "ProcessCrashed"] },
];

const python: readonly CategoryRule[] = [
  { category: "syntax", types: ["SyntaxError", "IndentationError", "TabError"] },
  { category: "missing-module", types: ["ModuleNotFoundError"] },
  { category: "missing-module", types: ["ImportError"], message: /^No module named/ },
  { category: "missing-module", types: ["ImportError"], environment: true, message: /cannot open shared object file/ },
  { category: "missing-name", types: ["ImportError"] },
  { category: "name", types: ["NameError", "UnboundLocalError"] },
  {
    category: "other",
    types: ["FileNotFoundError"],
    environment: true,
    message: /No such file or directory: '[\w-]+'$/,
  },
  { category: "collection", types: ["FixtureLookupError", "UsageError", "CollectError", "ConftestImportFailure"] },
  { category: "attribute", types: ["AttributeError"] },
  { category: "type", types: ["TypeError"] },
  { category: "lookup", types: ["KeyError", "IndexError", "LookupError", "StopIteration"] },
  { category: "assertion", types: ["AssertionError", "Failed", "UnexpectedPass"] },
  { category: "timeout", types: ["TimeoutError"] },
  { category: "memory", types: ["MemoryError"] },
  { category: "crash", types: ["SystemExit", "KeyboardInterrupt", "RecursionError", "Exit"] },
];

const javascript: readonly CategoryRule[] = [
  { category: "missing-name", types: ["SyntaxError"], message: /does not provide an export named|Export .* not found/ },
  { category: "missing-name", message: /^No "[^"]+" export is defined|is not exported (?:by|from)/ },
  {
    category: "missing-module",
    message: /Cannot find (?:module|package)|Failed to (?:resolve|load) (?:import|url)|ERR_MODULE_NOT_FOUND/i,
  },
  { category: "other", environment: true, message: /^spawn [\w-]+ ENOENT$/ },
  { category: "timeout", message: /\btimed out (?:in|after)\b|Exceeded timeout of/ },
  { category: "assertion", types: ["AssertionError", "JestAssertionError", "AssertionError [ERR_ASSERTION]"] },
  { category: "assertion", message: /^expect\(|^Snapshot .* mismatched/ },
  { category: "syntax", types: ["SyntaxError"] },
  { category: "syntax", message: /^(?:Transform failed|Parse failure|Parse failed|Unexpected token)|\bParseError\b/ },
  { category: "name", types: ["ReferenceError"] },
  { category: "crash", types: ["RangeError"], message: /Maximum call stack/ },
  { category: "attribute", types: ["TypeError"], message: /^Cannot (?:read|set) propert|^Cannot destructure/ },
  { category: "type", types: ["TypeError"] },
  { category: "lookup", types: ["RangeError"] },
];

const tables: Record<Language, readonly CategoryRule[]> = {
  python: [...surroundings, ...python],
  javascript: [...surroundings, ...javascript],
  typescript: [...surroundings, ...javascript],
  go: [...surroundings, ...goRules],
  rust: [...surroundings, ...rustRules],
  java: [...surroundings, ...javaRules],
};

/** The first row that describes the failure; `undefined` for an exception the tables do not know. */
export function ruleFor(failure: Failure, language: Language): CategoryRule | undefined {
  return tables[language].find(
    ({ types, message }) => (types?.includes(failure.type) ?? true) && (message?.test(failure.message) ?? true),
  );
}
