import { execFile } from "node:child_process";
import { cp, mkdir, rename, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { scratch } from "./scratch.ts";

const run = promisify(execFile);
const fixture = fileURLToPath(new URL("../fixtures/java-outcomes/", import.meta.url));
const installMsMax = 240_000;

/**
 * A local repository with what the Java fixtures need, made once per machine by Maven from a pom of ours and a test of ours,
 * with network and outside the sandbox; the reason when that cannot be. MAVEN_OPTS then names it, as a user's would.
 */
export async function prepareMavenRepository(): Promise<string | undefined> {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const repository = join(base, "assay-tests", "maven-1");
  if ((await stat(repository).catch(() => undefined)) === undefined) {
    const problem = await install(repository);
    if (problem !== undefined) return problem;
  }
  process.env.MAVEN_OPTS = `-Dmaven.repo.local=${repository}`;
  return undefined;
}

async function install(repository: string): Promise<string | undefined> {
  await using place = await scratch();
  const project = await place.tree("project", {
    "src/test/java/OnceTest.java": "class OnceTest { @org.junit.jupiter.api.Test void passes() {} }\n",
  });
  await cp(join(fixture, "pom.xml"), join(project, "pom.xml"));
  const unfinished = `${repository}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const argv = ["-B", "-q", `-Dmaven.repo.local=${unfinished}`, "test"];
    await run("mvn", argv, { cwd: project, timeout: installMsMax });
  } catch (error) {
    return `needs Maven, a JDK and Maven Central once: ${(error as Error).message.slice(0, 300)}`;
  }
  await rename(unfinished, repository).catch(() => undefined);
  return undefined;
}
