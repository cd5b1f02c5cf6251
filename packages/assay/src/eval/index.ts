export type { Problem } from "./datasets/problem.ts";
