import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Result, RunEvent } from "@assay/sdk";
import { jsonLines, resultOf, runAssay } from "./run-assay.ts";
import { git } from "./scratch.ts";

const modules = join(import.meta.dirname, "../../../../node_modules");

/** Files by path; `null` removes one. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

export type JudgedRepository = AsyncDisposable & {
  home: string;
  project: string;
  commit(files: Files): Promise<string>;
};

/** A git repository with a base commit and one more for each call of `commit`. */
export async function gitRepository(base: Files, link: readonly string[] = []): Promise<JudgedRepository> {
  const home = await mkdtemp(join(tmpdir(), "assay-judge-"));
  await chmod(home, 0o755);
  const project = join(home, "project");
  await mkdir(project);
  await git(project, "init", "--quiet", "--initial-branch=main");
  for (const name of link) {
    await mkdir(dirname(join(project, "node_modules", name)), { recursive: true });
    await symlink(join(modules, name), join(project, "node_modules", name));
  }
  const commit = async (files: Files) => {
    for (const [path, content] of Object.entries(files)) {
      const full = join(project, path);
      await mkdir(dirname(full), { recursive: true });
      if (content === null) await rm(full);
      else await writeFile(full, content);
    }
    await git(project, "add", "--all");
    await git(project, "commit", "--quiet", "--allow-empty", "--message=change");
    return (await git(project, "rev-parse", "HEAD")).trim();
  };
  await commit({ ...base, ".gitignore": "node_modules\n" });
  return { home, project, commit, [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) };
}

export type Judgement = { code: number | null; result: Result; events: (RunEvent & { runId: string })[] };

export async function judge(repository: JudgedRepository, args: readonly string[] = []): Promise<Judgement> {
  const named = args.includes("--base") ? [] : ["--base", "HEAD~1"];
  const sides = args.includes("--head") || args.includes("--patch") ? named : [...named, "--head", "HEAD"];
  const ended = await runAssay(repository.home, ["judge", repository.project, ...sides, ...args, "--json"]);
  return { code: ended.code, result: resultOf(ended), events: jsonLines(ended) };
}

/** What was found out about the change before it was judged. */
export function examined({ events }: Judgement) {
  const event = events.findLast(({ type }) => type === "change-examined");
  if (event?.type !== "change-examined") throw new Error("the change was not examined");
  return event.expectation;
}

export const codesOf = ({ result }: Judgement): string[] => result.verdict?.reasons.map(({ code }) => code) ?? [];
