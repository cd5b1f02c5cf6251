import { compareVersions } from "./compare.ts";
import { parseRange } from "./range.ts";
import { bestMatch, latest } from "./select.ts";
import { formatVersion, parseVersion, type Version } from "./version.ts";

export type Dependency = { name: string; installed: string; range: string };

export type Upgrade = {
  name: string;
  from: string;
  to: string;
  step: "major" | "minor" | "patch" | "prerelease" | "none";
  /** A newer release that the range leaves out. */
  beyondRange?: string;
};

/** One entry for each dependency, biggest step first, then by name. Never plans a downgrade. */
export function planUpgrades(
  dependencies: readonly Dependency[],
  available: Readonly<Record<string, readonly string[]>>,
): Upgrade[] {
  return dependencies
    .map((dependency) => planOne(dependency, (available[dependency.name] ?? []).map(parseVersion)))
    .sort((a, b) => stepSize(b.step) - stepSize(a.step) || a.name.localeCompare(b.name));
}

function planOne({ name, installed, range }: Dependency, versions: Version[]): Upgrade {
  const from = parseVersion(installed);
  const best = bestMatch(versions, parseRange(range)) ?? from;
  const to = compareVersions(best, from) > 0 ? best : from;
  const upgrade: Upgrade = { name, from: formatVersion(from), to: formatVersion(to), step: stepBetween(from, to) };
  const newest = latest(versions);
  return newest !== undefined && compareVersions(newest, to) > 0
    ? { ...upgrade, beyondRange: formatVersion(newest) }
    : upgrade;
}

function stepBetween(from: Version, to: Version): Upgrade["step"] {
  if (from.major !== to.major) return "major";
  if (from.minor !== to.minor) return "minor";
  if (from.patch !== to.patch) return "patch";
  return compareVersions(from, to) === 0 ? "none" : "prerelease";
}

function stepSize(step: Upgrade["step"]): number {
  return ["none", "prerelease", "patch", "minor", "major"].indexOf(step);
}
