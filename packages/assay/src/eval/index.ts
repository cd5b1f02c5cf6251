export { readSamples } from "./candidates/read-samples.ts";
export { projectOf, type RowProject } from "./candidates/row-project.ts";
export { fetchData } from "./datasets/fetch-data.ts";
export type { Problem } from "./datasets/problem.ts";
export { readDataset } from "./datasets/read-dataset.ts";
export { evalWorkflow } from "./eval.ts";
export { selectProblems } from "./select-problems.ts";
export type { EvalGoal, EvalTools } from "./tools.ts";
