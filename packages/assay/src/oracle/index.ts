export * from "./runners/fold-events.ts";
