const sourceEnding = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const declarationEnding = /\.d\.[cm]?ts$/;
/** Output at the top of a package; a folder of such a name deeper inside may well be source. */
const generated =
  /^(?:(?:packages|apps|libs|modules)\/[^/]+\/)?(?:dist|build|out|coverage|vendor)\/|(?:^|\/)(?:node_modules|\.[^/]+)\//;
const minified = /\.min\.[cm]?js$/;

const testNames = /(?:[.-](?:test|spec)|_test)\.(?:[cm]?[jt]s|[jt]sx)$/;
const testFolders = /(?:^|\/)(?:test|tests|__tests__|__mocks__|__snapshots__|__fixtures__|spec|specs|e2e|cypress)\//;
const snapshotEnding = /\.(?:snap|snapshot)$/;

const runnerConfiguration =
  /(?:^|\/)(?:(?:vitest|vite|jest|babel|playwright|ava|karma)[.-][^/]*\.(?:[cm]?[jt]s|json)|vitest\.workspace\.[^/]+|(?:jest|vitest)[.-]?setup[^/]*|setup-?tests?\.[^/]+|\.babelrc[^/]*|\.swcrc|\.mocharc[^/]*|\.c8rc[^/]*|\.nycrc[^/]*|tsconfig[^/]*\.json|jsconfig\.json)$/i;
const packageFiles =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|\.nvmrc|\.node-version|\.tool-versions)$/;
const pipelines =
  /^(?:\.github|\.circleci|\.gitlab|\.ci|\.buildkite|\.husky)\/|^(?:\.gitlab-ci\.ya?ml|\.travis\.yml|azure-pipelines\.ya?ml|Jenkinsfile|bitbucket-pipelines\.yml)$/;
const otherConfiguration = /(?:^|\/)(?:[^/]+\.config\.[cm]?[jt]s|\.[^/]+)$/;

/** JavaScript or TypeScript that people write: no declarations, no build output. */
export function isCode(path: string): boolean {
  return sourceEnding.test(path) && !declarationEnding.test(path) && !generated.test(path) && !minified.test(path);
}

/** Tests, what stands beside them, how they are configured, what they depend on and what runs them. */
export function isOracle(path: string): boolean {
  return (
    testNames.test(path) ||
    testFolders.test(path) ||
    snapshotEnding.test(path) ||
    runnerConfiguration.test(path) ||
    packageFiles.test(path) ||
    pipelines.test(path)
  );
}

/** Code that configures a tool other than the tests. */
export function isConfiguration(path: string): boolean {
  return otherConfiguration.test(path);
}

export function isTypeScript(path: string): boolean {
  return /\.(?:[cm]?ts|tsx)$/.test(path) && !declarationEnding.test(path);
}
