// Runs inside the sandbox, in the driver: compiles the listener against the JUnit Platform of the local repository.
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { job, msLeft } from "../../compiled/assets/job.mjs";
import { runProcess } from "../../compiled/assets/run-process.mjs";

const sources = fileURLToPath(new URL("./listener", import.meta.url));
const service = "org.junit.platform.launcher.TestExecutionListener";
const libraries = [
  "org/junit/platform/junit-platform-launcher",
  "org/junit/platform/junit-platform-engine",
  "org/junit/platform/junit-platform-commons",
  "org/opentest4j/opentest4j",
  "org/apiguardian/apiguardian-api",
  "org/jspecify/jspecify",
];

/** Puts the compiled listener into a folder for the tests' class path; the reason when that cannot be. */
export async function compileListener(folder) {
  const jars = libraries.flatMap((library) => jarsOf(join(job.repository, library)));
  if (!jars.some((jar) => jar.includes("launcher"))) {
    return "the local repository has no junit-platform-launcher: run `mvn test` once with maven-surefire-plugin 2.22 or later and JUnit 5";
  }
  mkdirSync(join(folder, "META-INF/services"), { recursive: true });
  copyFileSync(join(sources, service), join(folder, "META-INF/services", service));
  const argv = [
    join(dirname(job.java), "javac"),
    "-encoding",
    "UTF-8",
    "-proc:none",
    "-nowarn",
    "-cp",
    jars.join(":"),
    "-d",
    folder,
  ];
  const { code, stderr } = await runProcess([...argv, join(sources, "AssayListener.java")], {
    cwd: folder,
    msMax: msLeft(),
    quiet: true,
  });
  return code === 0 ? undefined : `the listener could not be compiled: ${stderr.slice(0, 2000)}`;
}

/** Newest first. */
function jarsOf(folder) {
  const versions = list(folder).toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return versions.flatMap((version) => {
    const names = list(join(folder, version)).filter((name) => name.endsWith(`-${version}.jar`));
    return names.map((name) => join(folder, version, name));
  });
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
