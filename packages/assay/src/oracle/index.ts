export { detectJavaScript } from "./detect/javascript.ts";
export * from "./runners/fold-events.ts";
export { NodeTestRunner } from "./runners/node-test/node-test-runner.ts";
export { VitestRunner } from "./runners/vitest/vitest-runner.ts";
