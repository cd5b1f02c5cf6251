import { isPipeline } from "../compiled/profile-parts.ts";

const configuration = /(?:^|\/)(?:go\.mod|go\.sum|go\.work|go\.work\.sum|go\.env|\.golangci\.ya?ml)$/;
const testFolders = /(?:^|\/)testdata\//;
const generated = /(?:^|\/)vendor\//;

/** Tests, what they read, what the module is made of, and what runs them. A vendored dependency is configuration. */
export function isGoOracle(path: string): boolean {
  return (
    path.endsWith("_test.go") ||
    testFolders.test(path) ||
    configuration.test(path) ||
    generated.test(path) ||
    isPipeline(path)
  );
}

export function isGo(path: string): boolean {
  return path.endsWith(".go");
}
