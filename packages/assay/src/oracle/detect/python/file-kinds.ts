const generated = /(?:^|\/)(?:site-packages|node_modules|__pycache__|build|dist|\.[^/]+)\//;
const testNames = /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/;
const testFolders = /(?:^|\/)tests?\//;
const testHelpers = /(?:^|\/)conftest\.py$/;
const runnerConfiguration =
  /(?:^|\/)(?:\.?pytest\.(?:ini|toml)|pyproject\.toml|setup\.cfg|setup\.py|tox\.ini|noxfile\.py|\.coveragerc|(?:sitecustomize|usercustomize)\.py|[^/]+\.pth)$/;
const dependencyFiles =
  /(?:^|\/)(?:poetry\.lock|uv\.lock|pdm\.lock|pylock\.toml|Pipfile|Pipfile\.lock|(?:requirements|constraints)[^/]*\.(?:txt|in)|environment\.ya?ml|\.python-version|\.tool-versions)$|(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/;
const pipelines =
  /^(?:\.github|\.circleci|\.gitlab|\.ci|\.buildkite)\/|^(?:\.gitlab-ci\.ya?ml|\.travis\.yml|azure-pipelines\.ya?ml|appveyor\.yml|\.drone\.yml|Jenkinsfile|bitbucket-pipelines\.yml|\.pre-commit-config\.yaml|Makefile|GNUmakefile|[Jj]ustfile|Taskfile\.ya?ml)$/;

/** Python that people write. */
export function isPython(path: string): boolean {
  return path.endsWith(".py") && !generated.test(path);
}

/** What pytest collects unless a project's `python_files` says otherwise. */
export function isTestFile(path: string): boolean {
  return testNames.test(path) && isPython(path);
}

/**
 * Tests, their fixtures and data, how they are configured, what they depend on and what runs them. Also true for paths that do
 * not exist yet: a candidate that creates one touches the oracle.
 */
export function isPythonOracle(path: string): boolean {
  return (
    testNames.test(path) ||
    testFolders.test(path) ||
    testHelpers.test(path) ||
    runnerConfiguration.test(path) ||
    dependencyFiles.test(path) ||
    pipelines.test(path)
  );
}
