import type { CategoryRule } from "./rules.ts";

/** Types are those of the runner: `BuildError` for what the compiler says, `Panic`, `TestFailure` for a test that failed itself. */
export const goRules: readonly CategoryRule[] = [
  {
    category: "missing-module",
    types: ["BuildError"],
    environment: true,
    message: /no required module provides package|module lookup disabled|missing go\.sum entry|cannot find module/,
  },
  { category: "other", environment: true, message: /requires go >= |cgo: C compiler .* not found/ },
  { category: "missing-module", types: ["BuildError"], message: /package \S+ is not in (?:std|GOROOT)/ },
  { category: "syntax", types: ["BuildError"], message: /syntax error|expected '|expected declaration/ },
  { category: "attribute", types: ["BuildError"], message: /has no field or method|undefined \(type/ },
  { category: "missing-name", types: ["BuildError"], message: /undefined: \w+\.\w+|not exported by package/ },
  { category: "name", types: ["BuildError"], message: /undefined: |declared and not used|imported and not used/ },
  {
    category: "type",
    types: ["BuildError"],
    message: /cannot use|mismatched types|arguments in call|cannot convert|invalid operation/,
  },
  { category: "collection", types: ["BuildError", "VetError", "SetupError", "ForgedEvents"] },
  { category: "lookup", types: ["Panic"], message: /out of range|nil map/ },
  { category: "attribute", types: ["Panic"], message: /nil pointer dereference/ },
  { category: "type", types: ["Panic"], message: /interface conversion/ },
  { category: "crash", types: ["Panic", "FatalError"] },
  { category: "assertion", types: ["TestFailure"] },
];

/** `BuildError` messages begin with the compiler's code where it gave one. */
export const rustRules: readonly CategoryRule[] = [
  {
    category: "missing-module",
    types: ["BuildError"],
    environment: true,
    message:
      /no matching package|failed to (?:download|load source|get)|unable to update|offline mode|is not installed/,
  },
  { category: "other", environment: true, message: /linker `\S+` not found|requires rustc / },
  { category: "missing-module", types: ["BuildError"], message: /^E0432|^E0433|^E0463|unresolved (?:import|module)/ },
  { category: "name", types: ["BuildError"], message: /^E0425|^E0412|^E0405/ },
  { category: "attribute", types: ["BuildError"], message: /^E0599|^E0609|^E0610|^E0560/ },
  { category: "missing-name", types: ["BuildError"], message: /^E0603|^E0616|^E0624/ },
  { category: "type", types: ["BuildError"], message: /^E0\d{3}/ },
  { category: "syntax", types: ["BuildError"], message: /^expected |^unexpected |delimiter|^unterminated/ },
  { category: "collection", types: ["BuildError", "ChangedTests", "ForgedEvents"] },
  { category: "assertion", types: ["Panic"], message: /^assertion |test did not panic as expected|should_panic/ },
  { category: "lookup", types: ["Panic"], message: /out of bounds|out of range|`None` value|key not found/ },
  { category: "type", types: ["Panic"], message: /ParseIntError|ParseFloatError|TryFromIntError/ },
  { category: "crash", types: ["Panic"], message: /overflow|divide by zero|already borrowed/ },
  { category: "assertion", types: ["Panic", "TestFailure"] },
];

/** Exceptions carry their whole class name. */
export const javaRules: readonly CategoryRule[] = [
  {
    category: "missing-module",
    environment: true,
    types: ["BuildError"],
    message: /offline mode|Could not (?:find artifact|resolve)|has not been downloaded|could not be resolved/,
  },
  {
    category: "other",
    environment: true,
    types: ["BuildError"],
    message: /No matching toolchains|Cannot find a Java installation|Unsupported class file major version/,
  },
  { category: "missing-module", types: ["BuildError"], message: /package \S+ does not exist/ },
  { category: "name", types: ["BuildError"], message: /cannot find symbol/ },
  { category: "type", types: ["BuildError"], message: /incompatible types|cannot be applied|bad operand/ },
  { category: "syntax", types: ["BuildError"], message: /expected$|illegal start|reached end of file|not a statement/ },
  { category: "collection", types: ["BuildError", "ForgedEvents"] },
  { category: "name", types: ["java.lang.NoSuchMethodError", "java.lang.NoClassDefFoundError"] },
  { category: "attribute", types: ["java.lang.NullPointerException", "java.lang.NoSuchFieldError"] },
  { category: "type", types: ["java.lang.ClassCastException", "java.lang.NumberFormatException"] },
  {
    category: "lookup",
    types: [
      "java.lang.IndexOutOfBoundsException",
      "java.lang.ArrayIndexOutOfBoundsException",
      "java.lang.StringIndexOutOfBoundsException",
      "java.util.NoSuchElementException",
    ],
  },
  { category: "timeout", types: ["java.util.concurrent.TimeoutException"] },
  { category: "timeout", message: /timed out after/ },
  { category: "memory", types: ["java.lang.OutOfMemoryError"] },
  { category: "crash", types: ["java.lang.StackOverflowError"] },
  {
    category: "assertion",
    types: [
      "java.lang.AssertionError",
      "org.opentest4j.AssertionFailedError",
      "org.opentest4j.MultipleFailuresError",
      "org.junit.ComparisonFailure",
      "junit.framework.AssertionFailedError",
    ],
  },
];
