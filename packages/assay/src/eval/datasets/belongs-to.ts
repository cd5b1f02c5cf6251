import type { DatasetName } from "@assay/sdk";
import { z } from "zod";
import { raise } from "#domain";

/** What rows say of themselves, where they do: what their task is named, and the language of it. */
const rowSchema = z.looseObject({
  task_id: z.string().optional().catch(undefined),
  language: z.string().optional().catch(undefined),
});

/** How the published files name their tasks, before the slash; `undefined` for those that no dataset here has. */
const datasetOf = new Map<string, DatasetName | undefined>([
  ["humaneval", "humaneval"],
  ["mbpp", "mbpp"],
  ["python", "humanevalfix-python"],
  ["javascript", "humanevalfix-js"],
  // humanevalpack's and MBXP's other languages.
  ...["cpp", "go", "java", "rust", "mbcpp", "mbgp", "mbjp", "mbjsp"].map((name) => [name, undefined] as const),
]);

const languageOf: Record<DatasetName, string> = {
  humaneval: "python",
  mbpp: "python",
  "humanevalfix-python": "python",
  "humanevalfix-js": "javascript",
};

/**
 * Refuses a row that says it is another dataset's: it might have the same fields, and its code would be judged as something that it
 * is not. Tasks named in a way of their own are taken as asked. Throws a `FaultError` of code `usage`.
 */
export function refuseOthers(dataset: DatasetName, row: unknown, place: string): void {
  const { data } = rowSchema.safeParse(row);
  const task = data?.task_id ?? "";
  const name = task.split("/", 1)[0]?.toLowerCase() ?? "";
  const language = data?.language?.toLowerCase();
  if (datasetOf.has(name) && task.includes("/") && datasetOf.get(name) !== dataset) {
    const other = datasetOf.get(name);
    raise(
      "usage",
      `${place}: task ${task} is not one of ${dataset}`,
      other === undefined ? `give the data of ${dataset}` : `for this data use: assay eval ${other}`,
    );
  }
  if (language !== undefined && language !== languageOf[dataset]) {
    raise(
      "usage",
      `${place}: the task is in ${language}, and ${dataset} is in ${languageOf[dataset]}`,
      `give the data of ${dataset}`,
    );
  }
}
