import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fault } from "#domain";
import type { Detection, ReadOnlyMount, Snapshot } from "#ports";
import { toolMounts } from "./compiled/mounts.ts";
import { splitFiles } from "./compiled/profile-parts.ts";
import { isFolder } from "./python/prefix.ts";
import { isRust, isRustOracle } from "./rust/file-kinds.ts";
import { findCargo } from "./rust/find-cargo.ts";

/** Cargo's home inside the sandbox; the host's registry and git caches appear below it. */
export const cargoHomeTarget = "/opt/assay/cargo";

/**
 * Finds out how a Rust package is tested. Reads only. Undetected with `not-a-project` (no Cargo.toml) or `tool-missing` (no Cargo).
 * @param testPaths further files and folders that belong to the tests, project-relative
 */
export async function detectRust(snapshot: Snapshot, testPaths: readonly string[] = []): Promise<Detection> {
  if (!snapshot.files.some((file) => /(?:^|\/)Cargo\.toml$/.test(file))) {
    return { kind: "undetected", fault: fault("not-a-project", "There is no Cargo.toml.", "cargo init") };
  }
  const found = await findCargo(snapshot);
  if (found.kind === "missing") return { kind: "undetected", fault: found.fault };
  const { cargo } = found;
  const caches = await registry();
  const { oracleFiles, sourceFiles } = splitFiles(snapshot, isRustOracle, isRust, testPaths);
  return {
    kind: "detected",
    profile: {
      root: snapshot.root,
      language: "rust",
      runner: "cargo",
      interpreter: cargo,
      mounts: [...toolMounts(dirname(dirname(cargo))), ...caches],
      oracleFiles,
      sourceFiles,
      details: [
        ...found.details,
        `Cargo builds the tests (${cargo}); each runs in a process of its own.`,
        "Doc tests, and targets with a test harness of their own, are not covered.",
        caches.length === 0
          ? "There are no downloaded crates."
          : "Dependencies come from Cargo's registry cache, offline.",
      ],
    },
  };
}

async function registry(): Promise<ReadOnlyMount[]> {
  const { CARGO_HOME } = process.env;
  const home = CARGO_HOME !== undefined && isAbsolute(CARGO_HOME) ? CARGO_HOME : join(homedir(), ".cargo");
  const mounts: ReadOnlyMount[] = [];
  for (const name of ["registry", "git"]) {
    if (await isFolder(join(home, name)))
      mounts.push({ source: join(home, name), target: `${cargoHomeTarget}/${name}` });
  }
  return mounts;
}
