export * from "./assert-never.ts";
export * from "./budget.ts";
export * from "./fault.ts";
export * from "./ids.ts";
export * from "./judge.ts";
export * from "./limits.ts";
export * from "./uncollected-file.ts";
export * from "./verdict-level.ts";
