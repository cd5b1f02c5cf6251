import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fault } from "#domain";
import type { Detection, ReadOnlyMount, Snapshot } from "#ports";
import { findTool } from "./compiled/find-tool.ts";
import { toolMounts } from "./compiled/mounts.ts";
import { splitFiles } from "./compiled/profile-parts.ts";
import { isGo, isGoOracle } from "./go/file-kinds.ts";
import { isFolder } from "./python/prefix.ts";

/** Where the module cache appears inside. */
export const goModulesTarget = "/opt/assay/go/pkg/mod";

/**
 * Finds out how a Go module is tested. Reads only. Undetected with `not-a-project` (no go.mod), `no-tests` or `tool-missing` (no Go).
 * @param testPaths further files and folders that belong to the tests, project-relative
 */
export async function detectGo(snapshot: Snapshot, testPaths: readonly string[] = []): Promise<Detection> {
  if (!snapshot.files.some((file) => /(?:^|\/)go\.mod$/.test(file))) {
    return undetected("not-a-project", "There is no go.mod.", "go mod init NAME");
  }
  const tests = snapshot.files.filter((file) => file.endsWith("_test.go"));
  if (tests.length === 0) return undetected("no-tests", "There are no files named *_test.go.", "Write a test.");
  const go = await findTool(snapshot.root, "go", ["/usr/local/go/bin", "/usr/lib/go/bin", "go/bin", "sdk/go/bin"]);
  if (go === undefined) return undetected("tool-missing", "No Go was found on PATH.", "apt-get install -y golang-go");
  const goRoot = dirname(dirname(go));
  const version = (await readFile(join(goRoot, "VERSION"), "utf8").catch(() => "")).split("\n")[0];
  const modules = await moduleCache();
  const { oracleFiles, sourceFiles } = splitFiles(snapshot, isGoOracle, isGo, testPaths);
  return {
    kind: "detected",
    profile: {
      root: snapshot.root,
      language: "go",
      runner: "go-test",
      interpreter: go,
      mounts: [...toolMounts(goRoot), ...modules],
      oracleFiles,
      sourceFiles,
      details: [
        `${tests.length} test ${tests.length === 1 ? "file was" : "files were"} found, the first is ${tests[0]}.`,
        `\`go test\` runs them with ${version === "" ? "Go" : version} (${go}).`,
        modules.length === 0 ? "There is no module cache." : `Dependencies come from ${modules[0]?.source}, offline.`,
      ],
    },
  };
}

async function moduleCache(): Promise<ReadOnlyMount[]> {
  const { GOMODCACHE, GOPATH } = process.env;
  const path = [GOMODCACHE, GOPATH === undefined ? undefined : join(GOPATH.split(":")[0] ?? "", "pkg/mod")].find(
    (each) => each !== undefined && isAbsolute(each),
  );
  const source = path ?? join(homedir(), "go/pkg/mod");
  return (await isFolder(source)) ? [{ source, target: goModulesTarget }] : [];
}

function undetected(code: "not-a-project" | "no-tests" | "tool-missing", message: string, remedy: string): Detection {
  return { kind: "undetected", fault: fault(code, message, remedy) };
}
