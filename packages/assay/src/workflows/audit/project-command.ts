import { access, constants, realpath } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, sep } from "node:path";
import { raise } from "#domain";
import { readOnlyDependencies } from "#oracle";
import type { ProjectProfile, ReadOnlyMount } from "#ports";

/** A user's command as the sandbox starts it. */
export type ProjectCommand = {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  mounts: readonly ReadOnlyMount[];
  /** As the user wrote it. */
  text: string;
};

const systemPath = "/usr/local/bin:/usr/bin:/bin";

/**
 * Finds the command's program as the user's shell would, and makes it reachable inside: the project's own programs and those of
 * the system are there already, a package manager is mounted with its package. Fault: `tool-missing`.
 */
export async function projectCommand(
  profile: ProjectProfile,
  given: readonly [string, ...string[]],
  hostPath = process.env.PATH ?? "",
): Promise<ProjectCommand> {
  const [program, ...args] = given;
  const folders = [`${profile.root}/node_modules/.bin`, `${profile.root}/.venv/bin`, dirname(profile.interpreter)];
  const isNode = profile.language === "javascript" || profile.language === "typescript";
  const preload = isNode ? readOnlyDependencies() : undefined;
  const env = {
    ...preload?.env,
    PATH: [...folders, systemPath].join(delimiter),
    HOME: "/tmp",
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    TZ: "UTC",
    CI: "true",
    NO_COLOR: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    npm_config_update_notifier: "false",
  };
  const ownMounts = preload === undefined ? profile.mounts : [...profile.mounts, preload.mount];
  const plain = { argv: given, env, mounts: ownMounts, text: given.join(" ") };
  // What has a slash is in the project, or it is not there.
  if (program.includes("/")) return plain;
  const found = await findProgram(program, [...folders, ...hostPath.split(delimiter)]);
  if (found === undefined) {
    raise("tool-missing", `there is no program ${program}`, "name the command as your shell would find it");
  }
  const real = await realpath(found);
  if (isInside(found, real, profile)) return plain;
  const packageFolder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(real)?.[1];
  const source = packageFolder ?? real;
  const argv: [string, ...string[]] = real.endsWith("js") ? [profile.interpreter, real, ...args] : [real, ...args];
  return { ...plain, argv, mounts: [...ownMounts, { source }] };
}

async function findProgram(program: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders.filter(isAbsolute)) {
    const path = join(folder, program);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}

function isInside(found: string, real: string, { root, mounts }: ProjectProfile): boolean {
  const inside = (path: string) =>
    ["/usr", "/bin", root, ...mounts.map(({ source }) => source)].some((each) => path.startsWith(each + sep));
  return inside(found) && inside(real);
}
