import { compareVersions } from "./compare.ts";
import type { Comparator, Range } from "./range.ts";
import type { Version } from "./version.ts";

/**
 * Whether a version is in a range. A prerelease is only in a range that names a prerelease of the same
 * major.minor.patch: who asks for `^1.2.0` does not want `1.3.0-beta`.
 */
export function satisfies(version: Version, range: Range): boolean {
  return range.some(
    (comparators) =>
      comparators.every((comparator) => holds(version, comparator)) && admitsPrerelease(version, comparators),
  );
}

function holds(version: Version, { operator, version: bound }: Comparator): boolean {
  const order = compareVersions(version, bound);
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "=":
      return order === 0;
  }
}

function admitsPrerelease(version: Version, comparators: readonly Comparator[]): boolean {
  if (version.prerelease.length === 0) return true;
  return comparators.some(
    ({ version: bound }) =>
      bound.prerelease.length > 0 &&
      bound.major === version.major &&
      bound.minor === version.minor &&
      bound.patch === version.patch,
  );
}
