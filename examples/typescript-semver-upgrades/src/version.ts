/** A version as in semver.org 2.0.0; build metadata is read and dropped, since it never counts in comparisons. */
export type Version = {
  major: number;
  minor: number;
  patch: number;
  /** The identifiers after the dash; empty for a release. */
  prerelease: readonly (string | number)[];
};

const pattern =
  /^v?(?<major>0|[1-9]\d*)\.(?<minor>0|[1-9]\d*)\.(?<patch>0|[1-9]\d*)(?:-(?<prerelease>[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Throws a `RangeError` for text that is no version. */
export function parseVersion(text: string): Version {
  const groups = pattern.exec(text.trim())?.groups;
  if (groups === undefined) throw new RangeError(`not a version: ${JSON.stringify(text)}`);
  return {
    major: Number(groups["major"]),
    minor: Number(groups["minor"]),
    patch: Number(groups["patch"]),
    prerelease: groups["prerelease"] === undefined ? [] : parsePrerelease(groups["prerelease"], text),
  };
}

function parsePrerelease(identifiers: string, whole: string): (string | number)[] {
  return identifiers.split(".").map((identifier) => {
    if (identifier === "") throw new RangeError(`empty identifier in ${JSON.stringify(whole)}`);
    if (!/^\d+$/.test(identifier)) return identifier;
    if (identifier.length > 1 && identifier.startsWith("0")) {
      throw new RangeError(`leading zero in ${JSON.stringify(whole)}`);
    }
    return Number(identifier);
  });
}

export function formatVersion(version: Version): string {
  const core = `${version.major}.${version.minor}.${version.patch}`;
  return version.prerelease.length === 0 ? core : `${core}-${version.prerelease.join(".")}`;
}
