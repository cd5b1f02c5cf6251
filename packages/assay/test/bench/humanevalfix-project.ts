import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { projectOf as projectOfProblem } from "#eval";

/** A row of HumanEvalFix (octopack, humanevalpack). */
export type Row = {
  task_id: string;
  entry_point: string;
  declaration: string;
  buggy_solution: string;
  canonical_solution: string;
  test: string;
};

export type Project = { solution: string; canonical: string; files: Readonly<Record<string, string>> };

/** A small project of a row, as `assay eval` makes it, and what its module is with the canonical solution. */
export function projectOf(row: Row, language: "python" | "js"): Project {
  const buggy = row.declaration + row.buggy_solution;
  const problem = { language: language === "js" ? ("javascript" as const) : language, entryPoint: row.entry_point };
  const { solution, files } = projectOfProblem(problem, buggy, row.test);
  const added = files[solution]?.slice(buggy.length) ?? "";
  return { solution, files, canonical: row.declaration + row.canonical_solution + added };
}

/** The rows of `humanevalfix_python_dev.jsonl.gz` or `humanevalfix_js_dev.jsonl.gz` in a folder. */
export async function readRows(folder: string, language: "python" | "js"): Promise<Row[]> {
  const packed = await readFile(join(folder, `humanevalfix_${language}_dev.jsonl.gz`));
  const lines = gunzipSync(packed).toString("utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
}

export async function writeProject(directory: string, project: Project): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [path, content] of Object.entries(project.files)) await writeFile(join(directory, path), content);
}
