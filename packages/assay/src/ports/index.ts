export * from "./blobs.ts";
export * from "./crash-point.ts";
export * from "./digest.ts";
export * from "./journal.ts";
export * from "./proposer.ts";
export * from "./sandbox.ts";
export * from "./test-runner.ts";
export * from "./workspaces.ts";
