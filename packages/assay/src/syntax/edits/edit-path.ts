import { alwaysExcluded } from "./exclusion.ts";

/**
 * Why a path given by a candidate is not one of a project's files, if so. Only the text is looked at: that no folder
 * of it is a link is for who reads it to check.
 */
export function pathProblem(path: string): string | undefined {
  if (path === "") return "the path is empty";
  if (path.length > 4096) return "the path is longer than 4096 characters";
  if (path.includes("\0")) return "the path contains a NUL";
  if (path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path)) return "the path is absolute";
  const parts = path.split("/");
  if (parts.includes("..")) return "the path leaves the project";
  if (parts.includes("") || parts.includes(".")) return "the path is not in its shortest form";
  const reason = alwaysExcluded(path);
  return reason === undefined ? undefined : `the path is kept out of workspaces: ${reason}`;
}
