import { compareVersions } from "./compare.ts";
import type { Range } from "./range.ts";
import { satisfies } from "./satisfies.ts";
import type { Version } from "./version.ts";

/** Oldest first; the argument is left as it is. */
export function sortVersions(versions: readonly Version[]): Version[] {
  return [...versions].sort(compareVersions);
}

/** The newest version in the range. */
export function bestMatch(versions: readonly Version[], range: Range): Version | undefined {
  return sortVersions(versions.filter((version) => satisfies(version, range))).at(-1);
}

/** The newest release; the newest prerelease if there is no release at all. */
export function latest(versions: readonly Version[]): Version | undefined {
  const releases = versions.filter(({ prerelease }) => prerelease.length === 0);
  return sortVersions(releases.length > 0 ? releases : versions).at(-1);
}
