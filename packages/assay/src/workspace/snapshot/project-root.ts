import { realpath, stat } from "node:fs/promises";
import { raise } from "#domain";
import { homeDirectory } from "#ports";

/** The real path of a project's folder; the fault `not-a-project` for what cannot be one. */
export async function projectRoot(directory: string): Promise<string> {
  const remedy = "name the folder of a project";
  const root = await realpath(directory).catch(() => raise("not-a-project", `there is no folder ${directory}`, remedy));
  if (!(await stat(root)).isDirectory()) raise("not-a-project", `${root} is not a folder`, remedy);
  if (root === "/" || root === "/root" || root === (await realpath(homeDirectory()).catch(() => homeDirectory()))) {
    raise("not-a-project", `${root} is not a project's folder`, remedy);
  }
  return root;
}
