import { posix } from "node:path";

export type OptionTable = {
  /** With a value, given as `--name=value` or as the next word. */
  valued: ReadonlySet<string>;
  switches: ReadonlySet<string>;
  longNames: Readonly<Record<string, string>>;
};

export type CommandOptions = {
  /** Known options, in the form `--name=value` or `--name`. */
  options: string[];
  /** File filters. */
  positionals: string[];
};

/** Keeps what is in the table of the words of a runner's command line: what decides which tests run and how they are loaded. */
export function keepOptions(words: readonly string[], { valued, switches, longNames }: OptionTable): CommandOptions {
  const options: string[] = [];
  const positionals: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) {
      positionals.push(posix.normalize(word));
      continue;
    }
    const equals = word.indexOf("=");
    const written = equals === -1 ? word : word.slice(0, equals);
    const name = longNames[written] ?? written;
    if (valued.has(name)) {
      const value = equals === -1 ? words[++index] : word.slice(equals + 1);
      if (value !== undefined) options.push(`${name}=${value}`);
    } else if (switches.has(name)) options.push(equals === -1 ? name : `${name}${word.slice(equals)}`);
  }
  return { options, positionals };
}
