import { open } from "node:fs/promises";
import { type OpenProject, openProject } from "#app";
import { FaultError, raise } from "#domain";
import { type Comparison, compareEvaluations, type EvalJson, evalJson, evalJsonSchema, viewEvaluation } from "#eval";
import { sanitizeLine } from "#report";
import { writeResult } from "../output/json.ts";

const fileBytesMax = 256 * 1024 * 1024;
const shownMax = 30;

export async function evalCompareCommand(
  a: string,
  b: string,
  options: { dir: string; json?: boolean },
): Promise<void> {
  const [first, second] = [await evaluationOf(a, options.dir), await evaluationOf(b, options.dir)];
  const compared = compareEvaluations(first, second);
  const { tasks, passedA, passedB, onlyA, onlyB, unpaired, pValue } = compared;
  const summary = `A passed ${passedA} and B ${passedB} of ${tasks} tasks; ${onlyA.length} only A, ${onlyB.length} only B: p = ${formatP(pValue)} (McNemar's exact test, two-sided).`;
  if (options.json === true) {
    writeResult({ type: "result", outcome: "evaluated", exitCode: 0, summary, comparison: compared });
    return;
  }
  const lines = [
    `  ${summary}`,
    ...listed("only A", onlyA),
    ...listed("only B", onlyB),
    ...listed("unpaired", unpaired),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function listed(label: string, tasks: Comparison["onlyA"]): string[] {
  if (tasks.length === 0) return [];
  const rest = tasks.length - shownMax;
  return [
    `  ${label.padEnd(9)} ${sanitizeLine(tasks.slice(0, shownMax).join(", "), 2_000)}${rest > 0 ? ` and ${rest} more` : ""}`,
  ];
}

/** A file where there is one of this name, else a run of the folder. */
async function evaluationOf(name: string, directory: string): Promise<EvalJson> {
  const text = await readText(name);
  if (text !== undefined) return parse(name, text);
  await using project: OpenProject = await openProject(directory, {});
  const view = viewEvaluation(await project.events(await project.find(name)));
  if (view === undefined) return raise("usage", `run ${name} is no evaluation`, "list the runs with: assay runs");
  return evalJson(view);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > fileBytesMax)
      raise("usage", `${path} has more than ${fileBytesMax} bytes`, "give the JSON of an evaluation");
    return await file.readFile("utf8");
  } catch (error) {
    if (error instanceof FaultError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return raise("usage", `${path} cannot be read: ${(error as Error).message}`, "give a run's id or an eval.json");
  }
}

function parse(path: string, text: string): EvalJson {
  try {
    return evalJsonSchema.parse(JSON.parse(text));
  } catch {
    return raise("usage", `${path} is not what an evaluation wrote`, "give the eval.json of a run's folder");
  }
}

function formatP(p: number): string {
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}
