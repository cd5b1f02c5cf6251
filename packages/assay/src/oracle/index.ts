export { type DetectorOverrides, ProjectDetection } from "./detect/index.ts";
export { detectJavaScript } from "./detect/javascript.ts";
export { isPythonOracle } from "./detect/python/file-kinds.ts";
export * from "./runners/fold-events.ts";
export { NodeTestRunner } from "./runners/node-test/node-test-runner.ts";
export { PytestRunner } from "./runners/pytest/pytest-runner.ts";
export { VitestRunner } from "./runners/vitest/vitest-runner.ts";
