export * from "./assert-never.ts";
export * from "./budget.ts";
export * from "./fault.ts";
export * from "./ids.ts";
export * from "./limits.ts";
