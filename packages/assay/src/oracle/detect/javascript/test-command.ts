import { basename } from "node:path";
import { parseNodeArguments } from "./node-flags.ts";
import { shellCommands } from "./shell-words.ts";

/** What a project's test script runs, as far as it can be told by reading it. */
export type TestCommand = {
  /** `node --test`, a runner's name such as `vitest` or `mocha`, or `node` for a script of the project's own. */
  tool: string;
  /** Of the tool: for `node --test` and `node` the files, otherwise all of its words. */
  args: readonly string[];
  /** Of the interpreter, those that are kept. */
  nodeFlags: readonly string[];
  concurrency?: number;
  /** Assignments in front of the command. */
  env: Readonly<Record<string, string>>;
  /** The tools that run before it. */
  before: readonly string[];
  /** Flags that were left out although they may matter. */
  dropped: readonly string[];
};

const runners = new Set(
  "vitest jest mocha ava tap tape uvu karma cypress playwright jasmine lab qunit bun deno react-scripts wdio web-test-runner wtr".split(
    " ",
  ),
);
const nestingMax = 5;

/** Reads `scripts[name]`, following scripts that run others; `undefined` if it runs no test tool that is known. */
export function readTestCommand(scripts: Readonly<Record<string, string>>, name = "test"): TestCommand | undefined {
  return new ScriptReader(scripts).read(name, {}, 0);
}

class ScriptReader {
  private readonly scripts: Readonly<Record<string, string>>;
  private readonly before: string[] = [];

  constructor(scripts: Readonly<Record<string, string>>) {
    this.scripts = scripts;
  }

  read(name: string, env: Readonly<Record<string, string>>, depth: number): TestCommand | undefined {
    const script = Object.hasOwn(this.scripts, name) ? this.scripts[name] : undefined;
    if (script === undefined || depth > nestingMax) return undefined;
    for (const words of shellCommands(script)) {
      const found = this.command(words, env, depth);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private command(words: string[], outer: Readonly<Record<string, string>>, depth: number): TestCommand | undefined {
    const { rest, env } = withoutWrappers(words, outer);
    const [first = "", ...args] = rest;
    const tool = toolName(first);
    for (const script of scriptsRun(tool, args)) {
      const found = this.read(script, env, depth + 1);
      if (found !== undefined) return found;
    }
    if (tool === "node" || tool === "tsx") return this.node(tool, args, env);
    if (runners.has(tool)) return { ...this.common(env), tool, args };
    this.before.push(tool === "npm" || tool === "pnpm" || tool === "yarn" ? `${tool} ${args.join(" ")}` : tool);
    return undefined;
  }

  private node(tool: string, args: string[], env: Record<string, string>): TestCommand | undefined {
    const { flags, test, concurrency, dropped, positionals } = parseNodeArguments(args);
    const nodeFlags = tool === "tsx" ? ["--import=tsx", ...flags] : flags;
    const common = { ...this.common(env), nodeFlags, dropped, ...(concurrency === undefined ? {} : { concurrency }) };
    if (test) return { ...common, tool: "node --test", args: positionals };
    const [script = "", ...rest] = positionals;
    const name = toolName(script);
    if (runners.has(name)) {
      const own = args.slice(args.indexOf(script) + 1);
      return { ...common, tool: name, args: own, dropped: [] };
    }
    return positionals.length === 0 ? undefined : { ...common, tool: "node", args: [script, ...rest] };
  }

  private common(env: Record<string, string>) {
    return { nodeFlags: [], env, before: [...this.before], dropped: [] };
  }
}

/** `node_modules/.bin/jest`, `./node_modules/jest/bin/jest.js`, `vitest.mjs`: the program's own name. */
function toolName(word: string): string {
  return basename(word).replace(/\.[cm]?js$/, "");
}

/** Takes away assignments and the programs that only start another one. */
function withoutWrappers(words: readonly string[], outer: Readonly<Record<string, string>>) {
  const rest = [...words];
  const env: Record<string, string> = { ...outer };
  for (;;) {
    const [word = "", next = ""] = rest;
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
    if (assignment?.[1] !== undefined) {
      env[assignment[1]] = assignment[2] ?? "";
      rest.shift();
    } else if (["cross-env", "cross-env-shell", "env", "npx", "bunx", "c8", "nyc", "time", "exec"].includes(word)) {
      rest.shift();
      while (rest[0]?.startsWith("-")) rest.shift();
    } else if ((word === "pnpm" || word === "npm" || word === "yarn") && next === "exec") {
      rest.splice(0, rest[2] === "--" ? 3 : 2);
    } else if (word === "yarn" && runners.has(next)) {
      rest.shift();
    } else return { rest, env };
  }
}

/** The scripts that a package manager's command runs. */
function scriptsRun(tool: string, args: readonly string[]): readonly string[] {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const [first, second] = names;
  if (tool === "run-s" || tool === "run-p" || tool === "npm-run-all") return names;
  if (tool !== "npm" && tool !== "pnpm" && tool !== "yarn") return [];
  if (first === "run" || first === "run-script") return second === undefined ? [] : [second];
  if (first === undefined || (tool === "npm" && first !== "test" && first !== "t")) return [];
  return [first === "t" ? "test" : first];
}
