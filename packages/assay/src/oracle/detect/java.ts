import { dirname, isAbsolute, join } from "node:path";
import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import { type Detection, homeDirectory, type ReadOnlyMount, type Snapshot } from "#ports";
import { findTool } from "./compiled/find-tool.ts";
import { toolMounts } from "./compiled/mounts.ts";
import { splitFiles } from "./compiled/profile-parts.ts";
import { isJava, isJavaOracle } from "./java/file-kinds.ts";
import { isFolder } from "./python/prefix.ts";

/** Where Maven's local repository appears inside, below what the run adds to it. */
export const mavenRepositoryTarget = "/opt/assay/m2";
/** Where an installed Maven appears inside. */
export const buildToolTarget = "/opt/assay/build-tool";

/**
 * Finds out how a Java project is tested: by Maven where there is a pom.xml. Reads only. Undetected with `not-a-project` (no pom.xml
 * and no build.gradle), `no-tests`, `tool-missing` (no JDK, no Maven), `dependency-missing` (nothing was ever downloaded) or
 * `oracle-unavailable` (Gradle).
 * @param testPaths further files and folders that belong to the tests, project-relative
 */
export async function detectJava(snapshot: Snapshot, testPaths: readonly string[] = []): Promise<Detection> {
  if (!snapshot.files.includes("pom.xml")) return undetected(withoutPom(snapshot));
  const { oracleFiles, sourceFiles } = splitFiles(snapshot, isJavaOracle, isJava, testPaths);
  const tests = oracleFiles.filter((file) => /(?:^|\/)src\/test\/.*\.java$/.test(file));
  if (tests.length === 0) {
    return undetected(fault("no-tests", "There are no Java files below src/test.", "Write a test in src/test/java."));
  }
  const javac = await findTool(snapshot.root, "javac", [
    join(process.env.JAVA_HOME ?? "/usr/lib/jvm/default-java", "bin"),
  ]);
  if (javac === undefined) {
    return undetected(fault("tool-missing", "No JDK was found on PATH.", "apt-get install -y default-jdk-headless"));
  }
  const maven = await findTool(snapshot.root, "mvn", ["/usr/share/maven/bin", "/opt/maven/bin"]);
  if (maven === undefined) {
    return undetected(fault("tool-missing", "No Maven was found on PATH.", "apt-get install -y maven"));
  }
  const repository = localRepository();
  if (!(await isFolder(repository))) {
    return undetected(
      fault(
        "dependency-missing",
        `There is no Maven repository at ${repository}: the tests run without network.`,
        "mvn test (once: it downloads the plugins and dependencies)",
      ),
    );
  }
  const mounts: ReadOnlyMount[] = [
    ...toolMounts(dirname(dirname(javac))),
    // Debian's Maven is links to its neighbours, and part of the root already.
    ...(maven.startsWith("/usr/share/") ? [] : [{ source: dirname(dirname(maven)), target: buildToolTarget }]),
    { source: repository, target: mavenRepositoryTarget },
  ];
  return {
    kind: "detected",
    profile: {
      root: snapshot.root,
      language: "java",
      runner: "maven",
      interpreter: join(dirname(javac), "java"),
      mounts,
      oracleFiles,
      sourceFiles,
      details: [
        `${tests.length} test ${tests.length === 1 ? "file was" : "files were"} found, the first is ${tests[0]}.`,
        `Maven runs them offline (${maven}) with the JDK of ${dirname(dirname(javac))}.`,
        `Plugins and dependencies come from ${repository}.`,
      ],
    },
  };
}

/** Where Maven is told to keep what it downloads, else its own place. */
function localRepository(): string {
  const options = `${process.env.MAVEN_OPTS ?? ""} ${process.env.MAVEN_ARGS ?? ""}`;
  const told = /(?:^|\s)-Dmaven\.repo\.local=(\S+)/.exec(options)?.[1];
  return told !== undefined && isAbsolute(told) ? told : join(homeDirectory(), ".m2/repository");
}

function withoutPom({ files }: Snapshot): Fault {
  if (!files.some((file) => /(?:^|\/)build\.gradle(?:\.kts)?$/.test(file))) {
    return fault("not-a-project", "There is no pom.xml and no build.gradle.", "Give the folder of a project.");
  }
  return fault(
    "oracle-unavailable",
    "The project is built by Gradle, which Assay does not run yet.",
    "Add a pom.xml that runs the same tests, if that is possible.",
  );
}

function undetected(value: Fault): Detection {
  return { kind: "undetected", fault: value };
}
