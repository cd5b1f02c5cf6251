import { dirname, join } from "node:path";
import type { Fault, RunnerName } from "@assay/sdk";
import { fault } from "#domain";
import type { Detection, Snapshot } from "#ports";
import { toolMounts } from "./compiled/mounts.ts";
import { splitFiles } from "./compiled/profile-parts.ts";
import { isJava, isJavaOracle, isJavaTest } from "./java/file-kinds.ts";
import { findGradleBuild, includedBuilds } from "./java/gradle.ts";
import { findJavac, missingJdk } from "./java/jdk.ts";
import { findMaven } from "./java/maven.ts";

/**
 * Finds out how a Java project is tested: by Maven where there is a pom.xml, else by Gradle. Reads only. Undetected with
 * `not-a-project` (neither has a build file), `no-tests`, `tool-missing` (no JDK, no build tool) or `dependency-missing`
 * (Maven never downloaded anything).
 * @param testPaths further files and folders that belong to the tests, project-relative
 * @param runner decides where there are both
 */
export async function detectJava(
  snapshot: Snapshot,
  testPaths: readonly string[] = [],
  runner?: RunnerName,
): Promise<Detection> {
  const tool = runner === "gradle" || runner === "maven" ? runner : toolOf(snapshot);
  if (tool === undefined || !hasBuild[tool](snapshot)) {
    const lacks = runner === undefined ? "no pom.xml and no build.gradle" : `no ${buildFile[tool ?? "maven"]}`;
    return undetected(fault("not-a-project", `There is ${lacks}.`, "Give the folder of a project."));
  }
  const buildPaths = tool === "gradle" ? await includedBuilds(snapshot) : [];
  const { oracleFiles, sourceFiles } = splitFiles(snapshot, isJavaOracle, isJava, [...testPaths, ...buildPaths]);
  const tests = oracleFiles.filter(isJavaTest);
  if (tests.length === 0) {
    return undetected(fault("no-tests", "There are no tests below src/test.", "Write a test in src/test/java."));
  }
  const javac = await findJavac(snapshot.root);
  if (javac === undefined) return undetected(missingJdk);
  const found = await (tool === "maven" ? findMaven(snapshot) : findGradleBuild(snapshot));
  if (found.kind === "missing") return undetected(found.fault);
  return {
    kind: "detected",
    profile: {
      root: snapshot.root,
      language: "java",
      runner: tool,
      interpreter: join(dirname(javac), "java"),
      mounts: [...toolMounts(dirname(dirname(javac))), ...found.mounts],
      oracleFiles,
      sourceFiles,
      details: [
        `${tests.length} test ${tests.length === 1 ? "file was" : "files were"} found, the first is ${tests[0]}.`,
        ...found.details,
        `The JDK is that of ${dirname(dirname(javac))}.`,
      ],
    },
  };
}

type Tool = "maven" | "gradle";

const buildFile: Record<Tool, string> = { maven: "pom.xml", gradle: "build.gradle" };
const hasBuild: Record<Tool, (snapshot: Snapshot) => boolean> = {
  maven: ({ files }) => files.includes("pom.xml"),
  gradle: ({ files }) => files.some((file) => /^(?:build|settings)\.gradle(?:\.kts)?$/.test(file)),
};

function toolOf(snapshot: Snapshot): Tool | undefined {
  return (["maven", "gradle"] as const).find((tool) => hasBuild[tool](snapshot));
}

function undetected(value: Fault): Detection {
  return { kind: "undetected", fault: value };
}
