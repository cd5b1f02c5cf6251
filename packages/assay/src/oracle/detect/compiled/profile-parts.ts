import type { Snapshot } from "#ports";

const pipelines =
  /^(?:\.github|\.circleci|\.gitlab|\.ci|\.buildkite)\/|^(?:\.gitlab-ci\.ya?ml|\.travis\.yml|azure-pipelines\.ya?ml|Jenkinsfile|bitbucket-pipelines\.yml|Makefile|\.tool-versions)$/;

/** Files that start the tests in any language's project. */
export function isPipeline(path: string): boolean {
  return pipelines.test(path);
}

/** Splits a project's files; `testPaths`: further files and folders that belong to the tests, project-relative. */
export function splitFiles(
  { files }: Snapshot,
  isOracle: (path: string) => boolean,
  isSource: (path: string) => boolean,
  testPaths: readonly string[],
): { oracleFiles: string[]; sourceFiles: string[] } {
  const given = testPaths.map((path) => path.replace(/^\.\/|\/+$/g, ""));
  const isGiven = (file: string) => given.some((path) => path !== "." && `${file}/`.startsWith(`${path}/`));
  const oracleFiles = files.filter((file) => isOracle(file) || isGiven(file));
  const oracle = new Set(oracleFiles);
  return { oracleFiles, sourceFiles: files.filter((file) => isSource(file) && !oracle.has(file)) };
}
