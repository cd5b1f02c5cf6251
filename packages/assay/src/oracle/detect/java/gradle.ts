import { dirname, join } from "node:path";
import { fault } from "#domain";
import type { ReadOnlyMount, Snapshot } from "#ports";
import { readProjectFile } from "../compiled/read-project-file.ts";
import { isFolder } from "../python/prefix.ts";
import { buildToolTarget, type FoundBuildTool } from "./build-tool.ts";
import { findGradle, gradleUserHome } from "./find-gradle.ts";
import { localRepository, mavenRepositoryTarget } from "./maven-repository.ts";

/** Of what Gradle has downloaded; below its home. */
const modulesFolder = "caches/modules-2";

/** Debian's Gradle is links to its neighbours, and part of the root already. */
const systemHome = "/usr/share/gradle";

/** The folder inside the sandbox with `bin/gradle` in it. */
export function gradleHomeOf(mounts: readonly ReadOnlyMount[]): string {
  return mounts.some(({ target }) => target === buildToolTarget) ? buildToolTarget : systemHome;
}

/** The folder inside the sandbox that holds `modules-2`, where anything was downloaded. */
export function gradleCacheOf(mounts: readonly ReadOnlyMount[]): string | undefined {
  const modules = mounts.find(({ source }) => source.endsWith(`/${modulesFolder}`))?.source;
  return modules === undefined ? undefined : dirname(modules);
}

/**
 * The Gradle of the project's wrapper, where it was downloaded before, else the installed one; never a download. Missing with
 * `tool-missing`, also where the wrapper asks for a later major version than there is.
 */
export async function findGradleBuild(snapshot: Snapshot): Promise<FoundBuildTool> {
  const { installed, asked } = await findGradle(snapshot);
  const fetch = "./gradlew test (once: it downloads Gradle and the dependencies)";
  const remedy = asked === undefined ? "apt-get install -y gradle" : fetch;
  if (installed === undefined) return missing(`No Gradle was found on PATH${wanted(asked)}.`, remedy);
  const { home, version } = installed;
  if (version !== undefined && asked !== undefined && majorOf(version) < majorOf(asked)) {
    return missing(`The Gradle of ${home} is ${version}${wanted(asked)}.`, remedy);
  }
  const mounts: ReadOnlyMount[] = home === systemHome ? [] : [{ source: home, target: buildToolTarget }];
  const modules = join(gradleUserHome(), modulesFolder);
  const downloaded = await isFolder(modules);
  // At its own place: Gradle before 6.1 keeps absolute paths in its indexes.
  if (downloaded) mounts.push({ source: modules });
  // What builds with a buildSrc compile against; Gradle takes most of a minute to generate it.
  const generated = join(gradleUserHome(), `caches/${version}/generated-gradle-jars`);
  if (await isFolder(generated)) mounts.push({ source: generated });
  const repository = localRepository();
  if (await isFolder(repository)) mounts.push({ source: repository, target: mavenRepositoryTarget });
  const other = asked === undefined || asked === version ? "" : `; the project's wrapper asks for ${asked}`;
  return {
    kind: "found",
    mounts,
    details: [
      `Gradle ${version ?? ""} runs them offline (${home}${other}).`,
      downloaded
        ? `Plugins and dependencies come from ${modules}.`
        : `Gradle has downloaded nothing to ${modules} yet: a build that needs more than local files fails.`,
    ],
  };
}

/** Folders of builds that the project's settings include: they may hold the build's own plugins. */
export async function includedBuilds(snapshot: Snapshot): Promise<string[]> {
  const found: string[] = [];
  for (const name of ["settings.gradle", "settings.gradle.kts"]) {
    const text = (await readProjectFile(snapshot, name)) ?? "";
    for (const [, path = ""] of text.matchAll(/\bincludeBuild\s*\(?\s*["']([^"'$]+)["']/g)) found.push(path);
  }
  return found;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

function wanted(asked: string | undefined): string {
  return asked === undefined ? "" : `, and the project's wrapper asks for ${asked}`;
}

function missing(message: string, remedy: string): FoundBuildTool {
  return { kind: "missing", fault: fault("tool-missing", message, remedy) };
}
