/** Flags of `node` that decide how sources are loaded or what a test may use: kept, since the tests depend on them. */
const switches = new Set([
  "--enable-source-maps",
  "--experimental-default-type=module",
  "--experimental-sqlite",
  "--experimental-strip-types",
  "--experimental-test-module-mocks",
  "--experimental-transform-types",
  "--experimental-vm-modules",
  "--experimental-wasm-modules",
  "--expose-gc",
  "--no-experimental-strip-types",
  "--no-deprecation",
  "--no-warnings",
  "--preserve-symlinks",
  "--preserve-symlinks-main",
  "--test-only",
]);

const valued = new Set([
  "--conditions",
  "--disable-warning",
  "--env-file-if-exists",
  "--experimental-loader",
  "--import",
  "--loader",
  "--require",
  "--stack-trace-limit",
  "--test-name-pattern",
  "--test-skip-pattern",
  "--test-timeout",
]);

/** Flags with a value that are left out: they only change how results are shown, or how processes are arranged. */
const valuedAndDropped = new Set([
  "--experimental-test-isolation",
  "--test-concurrency",
  "--test-coverage-branches",
  "--test-coverage-exclude",
  "--test-coverage-functions",
  "--test-coverage-include",
  "--test-coverage-lines",
  "--test-global-setup",
  "--test-isolation",
  "--test-reporter",
  "--test-reporter-destination",
  "--test-shard",
  "--watch-path",
]);

/** Left out without a word. */
const quietlyDropped =
  /^--(?:test$|watch|test-reporter|test-coverage|experimental-test-coverage|test-force-exit|inspect)/;

const longNames: Record<string, string> = {
  "-r": "--require",
  "-C": "--conditions",
  "--env-file": "--env-file-if-exists",
};

export type NodeArguments = {
  /** In the form `--name=value` or `--name`. */
  flags: string[];
  /** Whether `--test` was among them. */
  test: boolean;
  concurrency?: number;
  /** The flags that were left out although they may matter. */
  dropped: string[];
  positionals: string[];
};

/** Sorts the arguments of `node` by a list of what is known; an unknown flag is left out and named. */
export function parseNodeArguments(words: readonly string[]): NodeArguments {
  const parsed: NodeArguments = { flags: [], test: false, dropped: [], positionals: [] };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-") || word === "-") {
      parsed.positionals.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const written = equals === -1 ? word : word.slice(0, equals);
    const name = longNames[written] ?? written;
    const takesNext = equals === -1 && (valued.has(name) || valuedAndDropped.has(name));
    const value = takesNext ? words[++index] : equals === -1 ? undefined : word.slice(equals + 1);
    if (name === "--test") parsed.test = true;
    if (name === "--test-concurrency" && Number(value) >= 1) parsed.concurrency = Number(value);
    if (valued.has(name) && value !== undefined) parsed.flags.push(`${name}=${value}`);
    else if (switches.has(word)) parsed.flags.push(word);
    else if (!quietlyDropped.test(name)) parsed.dropped.push(word);
  }
  return parsed;
}
