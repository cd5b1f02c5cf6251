import { posix } from "node:path";
import { distance } from "fastest-levenshtein";
import type { Language, ProposalRequest } from "#ports";
import { pathProblem } from "#syntax";

/** Names that many folders have a file of. */
const commonNames = /^(?:__init__\.py|index\.[mc]?[jt]sx?|mod\.rs|package-info\.java)$/;

/** Files that runners read by themselves, wherever they stand, and what they take for tests. */
const decides =
  /^(?:conftest|sitecustomize|usercustomize)\.py$|^test_|_test\.(?:py|go)$|Tests?\.java$|\.(?:test|spec|config|setup)\.[cm]?[jt]sx?$/;

const endingsOf: Readonly<Record<Language, readonly string[]>> = {
  python: [".py"],
  javascript: [".js", ".mjs", ".cjs"],
  typescript: [".ts"],
  go: [".go"],
  rust: [".rs"],
  java: [".java"],
};

/** A file's path as it was meant: without the `./` that some put in front. */
export function plainPath(path: string): string {
  return path.startsWith("./") ? path.slice(2) : path;
}

/** Why a proposer may not change this file, if so; `creates`: the edit makes the file where there is none. */
export function checkPath(
  path: string,
  { snapshot, profile }: Pick<ProposalRequest, "snapshot" | "profile">,
  creates: boolean,
): string | undefined {
  const problem = pathProblem(path);
  if (problem !== undefined) return `file_to_patch: ${problem}`;
  if (profile.oracleFiles.includes(path)) {
    return `${path} is an oracle file: tests, their configuration, lock files and CI scripts decide, and may not be changed`;
  }
  if (snapshot.files.includes(path)) {
    if (profile.sourceFiles.includes(path)) return undefined;
    return `${path} is not one of the source files that may be changed`;
  }
  const meant = meantBy(path, profile.sourceFiles);
  const hint = meant === undefined ? "" : `; was ${meant} meant?`;
  if (!creates) return `there is no file ${path}${hint}`;
  const endings = new Set([...profile.sourceFiles.map((file) => posix.extname(file)), ...endingsOf[profile.language]]);
  if (!endings.has(posix.extname(path)))
    return `${path} does not exist, and only source files (${[...endings].join(", ")}) may be made`;
  if (decides.test(posix.basename(path))) return `${path} would be an oracle file: what decides may not be made either`;
  const isNewName = commonNames.test(posix.basename(path)) || meant === undefined || !sameName(meant, path);
  return isNewName ? undefined : `there is no file ${path}${hint}`;
}

function sameName(a: string, b: string): boolean {
  return posix.basename(a) === posix.basename(b);
}

/** The file of the same name, else the one spelled most alike. */
function meantBy(path: string, files: readonly string[]): string | undefined {
  const same = files.find((file) => sameName(file, path));
  if (same !== undefined) return same;
  const near = files.slice(0, 1_000).map((file) => ({ file, off: distance(file.slice(0, 200), path.slice(0, 200)) }));
  const [nearest] = near.sort((a, b) => a.off - b.off);
  return nearest !== undefined && nearest.off <= 3 ? nearest.file : undefined;
}
