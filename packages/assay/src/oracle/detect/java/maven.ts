import { dirname } from "node:path";
import { fault } from "#domain";
import type { Snapshot } from "#ports";
import { findTool } from "../compiled/find-tool.ts";
import { isFolder } from "../python/prefix.ts";
import { buildToolTarget, type FoundBuildTool } from "./build-tool.ts";
import { localRepository, mavenRepositoryTarget } from "./maven-repository.ts";

/** The Maven that is installed and what it has downloaded. Missing with `tool-missing` or `dependency-missing`. */
export async function findMaven({ root }: Snapshot): Promise<FoundBuildTool> {
  const maven = await findTool(root, "mvn", ["/usr/share/maven/bin", "/opt/maven/bin"]);
  if (maven === undefined) {
    return {
      kind: "missing",
      fault: fault("tool-missing", "No Maven was found on PATH.", "apt-get install -y maven"),
    };
  }
  const repository = localRepository();
  if (!(await isFolder(repository))) {
    const why = `There is no Maven repository at ${repository}: the tests run without network.`;
    const remedy = "mvn test (once: it downloads the plugins and dependencies)";
    return { kind: "missing", fault: fault("dependency-missing", why, remedy) };
  }
  // Debian's Maven is links to its neighbours, and part of the root already.
  const own = maven.startsWith("/usr/share/") ? [] : [{ source: dirname(dirname(maven)), target: buildToolTarget }];
  return {
    kind: "found",
    mounts: [...own, { source: repository, target: mavenRepositoryTarget }],
    details: [`Maven runs them offline (${maven}).`, `Plugins and dependencies come from ${repository}.`],
  };
}
