import { isAbsolute } from "node:path";
import { execa } from "execa";
import { gitBounds } from "./bounds.ts";

/** The only subcommands ever run on a target: none of them runs hooks, filters, textconv, diff or merge drivers. */
export type SafeGitCommand = "rev-parse" | "ls-files" | "ls-tree" | "cat-file";

export type GitResult =
  | { kind: "ok"; stdout: Buffer }
  /** No git on this machine. */
  | { kind: "absent" }
  | { kind: "failed"; message: string };

/** Settings of the command line win over everything that a repository's own configuration says or includes. */
const settings: Readonly<Record<string, string>> = {
  "safe.directory": "*",
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.untrackedCache": "false",
  "core.pager": "cat",
  "core.editor": "false",
  "core.askPass": "false",
  "core.sshCommand": "false",
  "core.gitProxy": "false",
  "core.attributesFile": "/dev/null",
  "core.alternateRefsCommand": "false",
  "core.quotePath": "false",
  "credential.helper": "",
  "diff.external": "",
  "protocol.allow": "never",
  "submodule.recurse": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
};

/**
 * Runs one reading git command in `cwd` so that nothing the repository says is executed: a closed list of plumbing
 * commands, an environment of its own, no system or user configuration, no network, no lock taken, nothing written.
 * Bounded by `gitBounds`; never throws.
 */
export function safeGit(
  cwd: string,
  command: SafeGitCommand,
  args: readonly string[],
  input: string | Uint8Array = "",
): Promise<GitResult> {
  return runGit(cwd, [command, ...args], safeGitEnvironment(cwd), input);
}

/** Of a repository that Assay itself makes from a snapshot; its date and author are always the same. */
export function ownGit(tree: string, gitDirectory: string, args: readonly string[]): Promise<GitResult> {
  const identity = { NAME: "Assay", EMAIL: "assay@localhost", DATE: "2000-01-01T00:00:00Z" };
  const named = Object.entries(identity).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const environment = { ...safeGitEnvironment(tree), GIT_DIR: gitDirectory, GIT_WORK_TREE: tree };
  return runGit(tree, args, { ...environment, ...Object.fromEntries(named) }, "");
}

async function runGit(
  cwd: string,
  args: readonly string[],
  env: Record<string, string>,
  input: string | Uint8Array,
): Promise<GitResult> {
  const overrides = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const result = await execa("git", ["--no-pager", "--literal-pathspecs", ...overrides, ...args], {
    cwd,
    env,
    extendEnv: false,
    encoding: "buffer",
    input,
    reject: false,
    stripFinalNewline: false,
    timeout: gitBounds.wallMsMax,
    maxBuffer: gitBounds.outputBytesMax,
    killSignal: "SIGKILL",
  });
  if (!result.failed) return { kind: "ok", stdout: Buffer.from(result.stdout) };
  if (result.code === "ENOENT") return { kind: "absent" };
  const said = Buffer.from(result.stderr).toString().trim().split("\n").slice(0, 3).join(" ").slice(0, 500);
  return { kind: "failed", message: said || result.shortMessage || "git failed" };
}

function safeGitEnvironment(cwd: string): Record<string, string> {
  return {
    PATH: trustedPath(cwd),
    LC_ALL: "C",
    HOME: "/nonexistent",
    XDG_CONFIG_HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_PAGER: "cat",
  };
}

/** Where git is looked for: not in the untrusted project, which `npm run` and `npx` put first, nor relative to it. */
function trustedPath(project: string): string {
  const isTrusted = (folder: string) =>
    isAbsolute(folder) && !`${folder}/`.includes("/node_modules/") && !`${folder}/`.startsWith(`${project}/`);
  return (process.env.PATH ?? "/usr/bin:/bin").split(":").filter(isTrusted).join(":");
}
