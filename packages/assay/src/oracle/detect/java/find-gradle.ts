import { dirname, isAbsolute, join } from "node:path";
import { homeDirectory, type Snapshot } from "#ports";
import { findTool } from "../compiled/find-tool.ts";
import { readProjectFile } from "../compiled/read-project-file.ts";
import { isFile, list, realPathOf } from "../python/prefix.ts";

/** A Gradle on this machine. `version`: e.g. `8.5`; `undefined` when its libraries do not say. */
export type InstalledGradle = { home: string; version: string | undefined };

export type FoundGradle = {
  installed: InstalledGradle | undefined;
  /** The version that the project's wrapper asks for. */
  asked: string | undefined;
};

/** Where Gradle keeps what it downloads. */
export function gradleUserHome(): string {
  const told = process.env.GRADLE_USER_HOME;
  return told !== undefined && isAbsolute(told) ? told : join(homeDirectory(), ".gradle");
}

/** The Gradle that the project's wrapper has unpacked, else the one that is installed. Nothing is started or downloaded. */
export async function findGradle(snapshot: Snapshot): Promise<FoundGradle> {
  const properties = await readProjectFile(snapshot, "gradle/wrapper/gradle-wrapper.properties");
  const distribution = /^\s*distributionUrl\s*[=:].*\/([\w.+-]+)\.zip\s*$/m.exec(properties ?? "")?.[1];
  const asked = /^gradle-(\d.*?)(?:-bin|-all)?$/.exec(distribution ?? "")?.[1];
  const unpacked = distribution === undefined ? undefined : await unpackedGradle(snapshot.root, distribution);
  if (unpacked !== undefined) return { installed: await withVersion(unpacked), asked };
  const program = await findTool(snapshot.root, "gradle", ["/usr/share/gradle/bin", "/opt/gradle/bin"]);
  return { installed: program === undefined ? undefined : await withVersion(dirname(dirname(program))), asked };
}

/** `~/.gradle/wrapper/dists/gradle-8.5-bin/DIGEST/gradle-8.5`. */
async function unpackedGradle(root: string, distribution: string): Promise<string | undefined> {
  const folder = join(gradleUserHome(), "wrapper/dists", distribution);
  const roots = [root, await realPathOf(root)];
  for (const digest of await list(folder)) {
    for (const name of await list(join(folder, digest))) {
      const home = await realPathOf(join(folder, digest, name));
      // What lies inside the project came with it.
      if (home === undefined || roots.some((each) => `${home}/`.startsWith(`${each}/`))) continue;
      if (await isFile(join(home, "bin/gradle"))) return home;
    }
  }
  return undefined;
}

async function withVersion(home: string): Promise<InstalledGradle> {
  const names = await list(join(home, "lib"));
  return { home, version: names.map((name) => /^gradle-core-(\d+\.\d[\w.-]*)\.jar$/.exec(name)?.[1]).find(Boolean) };
}
