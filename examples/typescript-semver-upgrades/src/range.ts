import { parseVersion, type Version } from "./version.ts";

export type Comparator = { operator: "<" | "<=" | ">" | ">=" | "="; version: Version };

/** Alternatives, of which one must hold; within it every comparator must. No comparators: any version. */
export type Range = readonly (readonly Comparator[])[];

/** A version with parts left out: `1`, `1.x`, `1.2`, `1.2.*`. */
type PartialVersion = { major?: number; minor?: number; patch?: number; prerelease: Version["prerelease"] };

/** Throws a `RangeError` for text that is no range. */
export function parseRange(text: string): Range {
  return text.split("||").map((alternative) => parseAlternative(alternative.trim()));
}

function parseAlternative(text: string): Comparator[] {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  if (hyphen) return [...atLeast(parsePartial(hyphen[1] ?? "")), ...upTo(parsePartial(hyphen[2] ?? ""))];
  return text
    .replace(/(<=|>=|<|>|=|\^|~)\s+/g, "$1")
    .split(/\s+/)
    .filter((word) => word !== "")
    .flatMap(parseWord);
}

function parseWord(word: string): Comparator[] {
  const [, operator = "", rest = ""] = /^(<=|>=|<|>|=|\^|~)?(.*)$/.exec(word) ?? [];
  const partial = parsePartial(rest);
  switch (operator) {
    case "^":
      return caret(partial);
    case "~":
      return [...atLeast(partial), ...below(nextAfter(partial.minor === undefined ? "major" : "minor", partial))];
    case ">=":
      return atLeast(partial);
    case "<":
      return [{ operator: "<", version: fill(partial) }];
    case "<=":
      return upTo(partial);
    case ">":
      return isWhole(partial)
        ? [{ operator: ">", version: fill(partial) }]
        : [{ operator: ">=", version: nextAfter(lastPart(partial), partial) }];
    default:
      return isWhole(partial) ? [{ operator: "=", version: fill(partial) }] : wildcard(partial);
  }
}

/** Anything that keeps the first part that is not zero. */
function caret(partial: PartialVersion): Comparator[] {
  if (partial.major === undefined) return [];
  if (partial.major > 0 || partial.minor === undefined) {
    return [...atLeast(partial), ...below(nextAfter("major", partial))];
  }
  if (partial.minor > 0 || partial.patch === undefined) {
    return [...atLeast(partial), ...below(nextAfter("minor", partial))];
  }
  return [...atLeast(partial), ...below(nextAfter("patch", partial))];
}

function wildcard(partial: PartialVersion): Comparator[] {
  if (partial.major === undefined) return [];
  return [...atLeast(partial), ...below(nextAfter(lastPart(partial), partial))];
}

function atLeast(partial: PartialVersion): Comparator[] {
  return partial.major === undefined ? [] : [{ operator: ">=", version: fill(partial) }];
}

/** Up to and including everything that the partial version covers. */
function upTo(partial: PartialVersion): Comparator[] {
  if (partial.major === undefined) return [];
  if (isWhole(partial)) return [{ operator: "<=", version: fill(partial) }];
  return below(nextAfter(lastPart(partial), partial));
}

function below(version: Version): Comparator[] {
  return [{ operator: "<", version }];
}

function nextAfter(part: "major" | "minor" | "patch", partial: PartialVersion): Version {
  const { major, minor, patch } = fill(partial);
  if (part === "major") return { major: major + 1, minor: 0, patch: 0, prerelease: [] };
  if (part === "minor") return { major, minor: minor + 1, patch: 0, prerelease: [] };
  return { major, minor, patch: patch + 1, prerelease: [] };
}

function lastPart(partial: PartialVersion): "major" | "minor" | "patch" {
  if (partial.minor === undefined) return "major";
  return partial.patch === undefined ? "minor" : "patch";
}

function isWhole(partial: PartialVersion): boolean {
  return partial.patch !== undefined;
}

function fill(partial: PartialVersion): Version {
  const { major = 0, minor = 0, patch = 0, prerelease } = partial;
  return { major, minor, patch, prerelease };
}

function parsePartial(text: string): PartialVersion {
  const parts = /^v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.([xX*]))?$/.exec(text);
  if (parts === null) return text === "" ? { prerelease: [] } : parseVersion(text);
  const [major, minor] = [parts[1], parts[2]].map((part) => (/^\d+$/.test(part ?? "") ? Number(part) : undefined));
  if (major === undefined) return { prerelease: [] };
  return minor === undefined ? { major, prerelease: [] } : { major, minor, prerelease: [] };
}
