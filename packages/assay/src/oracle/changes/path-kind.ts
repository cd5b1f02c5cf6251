import type { TestChangeKind } from "@assay/sdk";

/** What a file that decides verdicts is there for. `test`: it may hold tests. */
export type PathKind =
  | "test"
  | Extract<TestChangeKind, "support" | "configuration" | "dependencies" | "pipeline" | "snapshot">;

/** Of every ecosystem: a project of one language may well be tested by tools of another. */
const locks =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|pdm\.lock|pylock\.toml|Pipfile(?:\.lock)?|(?:requirements|constraints)[^/]*\.(?:txt|in)|environment\.ya?ml|Cargo\.lock|go\.(?:mod|sum|work|work\.sum)|\.(?:python|node)-version|\.nvmrc|\.tool-versions|[^/]+\.lockfile|libs\.versions\.toml)$/;

const kinds: readonly [PathKind, RegExp][] = [
  ["snapshot", /\.(?:snap|snapshot|ambr)$|(?:^|\/)__snapshots__\//],
  ["dependencies", new RegExp(`${locks.source}|(?:^|\\/)requirements\\/|(?:^|\\/)vendor\\/`)],
  [
    "pipeline",
    /^(?:\.github|\.circleci|\.gitlab|\.ci|\.buildkite|\.husky)\/|^(?:\.gitlab-ci\.ya?ml|\.travis\.yml|azure-pipelines\.ya?ml|appveyor\.yml|\.drone\.yml|Jenkinsfile|bitbucket-pipelines\.yml|\.pre-commit-config\.yaml|(?:GNU)?[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml)$/,
  ],
  [
    "configuration",
    /(?:^|\/)(?:conftest\.py|\.?pytest\.(?:ini|toml)|pyproject\.toml|setup\.(?:cfg|py)|tox\.ini|noxfile\.py|\.coveragerc|(?:site|user)customize\.py|[^/]+\.pth|package\.json|tsconfig[^/]*\.json|jsconfig\.json|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|\.babelrc[^/]*|\.swcrc|\.mocharc[^/]*|\.c8rc[^/]*|\.nycrc[^/]*|(?:vitest|vite|jest|babel|playwright|ava|karma)[.-][^/]*|(?:jest|vitest)[.-]?setup[^/]*|setup-?tests?\.[^/]+|Cargo\.toml|pom\.xml|[^/]+\.gradle(?:\.kts)?|gradlew(?:\.bat)?|gradle\.properties|gradle-wrapper\.\w+)$|(?:^|\/)(?:buildSrc|build-logic)\//i,
  ],
  ["support", /(?:^|\/)(?:__mocks__|__fixtures__|fixtures|testdata|test-data)\//],
  ["test", /\.(?:py|[cm]?[jt]sx?|go|rs|java|kt)$/],
];

/** Whether the path says which versions are installed, in whatever language. */
export function isLockFile(path: string): boolean {
  return locks.test(path);
}

/** Of an oracle file, by its path alone. */
export function pathKind(path: string): PathKind {
  return kinds.find(([, pattern]) => pattern.test(path))?.[0] ?? "support";
}

/** Whether a new file of this kind could change what tests do that were there before. */
export function affectsExisting(path: string): boolean {
  const kind = pathKind(path);
  if (kind === "configuration" || kind === "dependencies" || kind === "pipeline") return true;
  return /(?:^|\/)__mocks__\//.test(path);
}
