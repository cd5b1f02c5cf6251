import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@assay/sdk";
import { canonicalJson, digestOf, type Snapshot } from "#ports";

/** Digest over path and content of the oracle's files as the snapshot holds them; a missing file is part of it. */
export async function oracleDigest(snapshot: Snapshot, oracleFiles: readonly string[]): Promise<Digest> {
  const entries: [string, Digest | null][] = [];
  for (const path of oracleFiles) {
    const content = await readFile(join(snapshot.directory, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    entries.push([path, content === undefined ? null : digestOf(content)]);
  }
  return digestOf(canonicalJson(entries));
}

/**
 * The oracle that an execution really had: the pristine one, unless code of the project wrote to what decides (code and
 * configuration) meanwhile, even if it is put back. Whether data that tests keep beside them may be written depends on whether the
 * base writes it too: `rewrittenOracle` tells it, and the judge decides.
 */
export async function executedOracle(
  snapshot: Snapshot,
  oracleFiles: readonly string[],
  written: readonly string[],
): Promise<Digest> {
  const pristine = await oracleDigest(snapshot, oracleFiles);
  const decisive = written.filter((path) => decides.test(path));
  return decisive.length === 0 ? pristine : digestOf(canonicalJson([pristine, decisive]));
}

const decides = /\/$|\.(?:py|[cm]?[jt]sx?|ini|cfg|toml|feature)$|(?:^|\/)package\.json$/;

/** Oracle files that an execution wrote, but for what interpreters and runners keep for themselves. */
export function rewrittenOracle(written: readonly string[]): string[] {
  return [...new Set(written)].filter((path) => !caches.test(path)).sort();
}

const caches = /(?:^|\/)(?:__pycache__|\.(?:pytest|mypy|ruff)_cache|\.hypothesis|\.nyc_output)\/|\.py[co]$/;
