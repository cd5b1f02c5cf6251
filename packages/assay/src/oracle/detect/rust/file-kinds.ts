import { isPipeline } from "../compiled/profile-parts.ts";

const configuration =
  /(?:^|\/)(?:Cargo\.toml|Cargo\.lock|rust-toolchain(?:\.toml)?|build\.rs|clippy\.toml|\.cargo\/.*|\.config\/nextest\.toml)$/;
/** Beside `src`, at the top of a package. */
const testFolders = /(?:^|\/)(?:tests|benches)\//;
const testNames = /(?:^|\/)tests?\.rs$|_tests?\.rs$/;
const snapshots = /\.snap$/;
const generated = /(?:^|\/)(?:target|vendor)\//;

/**
 * Integration tests, files that hold nothing but tests by their name, and what the build is made of. A source file with tests
 * inside is source: its tests are compared with the base's when they run.
 */
export function isRustOracle(path: string): boolean {
  return (
    testFolders.test(path) ||
    testNames.test(path) ||
    snapshots.test(path) ||
    configuration.test(path) ||
    isPipeline(path)
  );
}

export function isRust(path: string): boolean {
  return path.endsWith(".rs") && !generated.test(path);
}
