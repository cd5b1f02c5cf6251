import { open } from "node:fs/promises";
import { join, matchesGlob, posix } from "node:path";
import type { Snapshot } from "#ports";
import { readManifest } from "./manifest.ts";
import { readTestCommand, type TestCommand } from "./test-command.ts";

/** How a project uses node:test, read from its base revision. */
export type NodeTestPlan = {
  /** Project-relative, sorted. */
  files: readonly string[];
  flags: readonly string[];
  env: Readonly<Record<string, string>>;
  concurrency?: number;
};

/** What `node --test` runs when it is given no files (Node 24's documentation of the test runner). */
const defaultPatterns = [
  "**/*.test.{cjs,mjs,js,cts,mts,ts}",
  "**/*-test.{cjs,mjs,js,cts,mts,ts}",
  "**/*_test.{cjs,mjs,js,cts,mts,ts}",
  "**/test-*.{cjs,mjs,js,cts,mts,ts}",
  "**/test.{cjs,mjs,js,cts,mts,ts}",
  "**/test/**/*.{cjs,mjs,js,cts,mts,ts}",
];

const importPattern = /(?:from|import|require)\s*\(?\s*["']node:test["']/;
const scannedFilesMax = 400;
const scannedBytesMax = 64 * 1024;

/** The plan that `package.json` states, or the defaults of `node --test` where it states none. */
export async function readNodeTestPlan(snapshot: Snapshot): Promise<NodeTestPlan> {
  const manifest = await readManifest(snapshot);
  const command = manifest === undefined ? undefined : readTestCommand(manifest.scripts);
  return nodeTestPlan(snapshot, command);
}

export function nodeTestPlan(snapshot: Snapshot, command: TestCommand | undefined): NodeTestPlan {
  const stated = command?.tool === "node --test" || command?.tool === "node" ? command : undefined;
  const patterns = (stated?.args ?? []).map((argument) => posix.normalize(argument).replace(/\/$/, ""));
  const candidates = snapshot.files.filter((file) => !/(?:^|\/)node_modules\//.test(file));
  const files =
    patterns.length === 0
      ? candidates.filter((file) => isDefaultTest(file))
      : candidates.filter((file) => patterns.some((pattern) => matches(file, pattern)));
  return {
    files,
    flags: stated?.nodeFlags ?? [],
    env: stated?.env ?? {},
    ...(stated?.concurrency === undefined ? {} : { concurrency: stated.concurrency }),
  };
}

function isDefaultTest(file: string): boolean {
  return !file.endsWith(".d.ts") && defaultPatterns.some((pattern) => matchesGlob(file, pattern));
}

/** A folder stands for all tests in it, as it did before Node 21 and as people still mean it. */
function matches(file: string, pattern: string): boolean {
  if (file === pattern || matchesGlob(file, pattern)) return true;
  const inside = pattern === "." ? file : file.startsWith(`${pattern}/`) ? file.slice(pattern.length + 1) : undefined;
  if (inside === undefined) return false;
  return isDefaultTest(file) || isDefaultTest(inside);
}

/** Which of the files import `node:test`, looked for in the first bytes of at most 400 of them. */
export async function importingNodeTest(snapshot: Snapshot, files: readonly string[]): Promise<string[]> {
  const importing: string[] = [];
  for (const file of files.slice(0, scannedFilesMax)) {
    if (importPattern.test(await head(join(snapshot.directory, file)))) importing.push(file);
  }
  return importing;
}

async function head(path: string): Promise<string> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(scannedBytesMax), 0, scannedBytesMax, 0);
  return buffer.toString("utf8", 0, bytesRead);
}
