import { execFile } from "node:child_process";
import { cp, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { scratch } from "./scratch.ts";

const run = promisify(execFile);
const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));
const installMsMax = 240_000;

/**
 * A home of Gradle's with what the Gradle fixtures need, made once per machine by Gradle from a build of ours and a test of
 * ours, with network and outside the sandbox; the reason when that cannot be. GRADLE_USER_HOME then names it, as a user's would.
 */
export async function prepareGradleCache(): Promise<string | undefined> {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const home = join(base, "assay-tests", "gradle-1");
  const ready = join(home, "ready");
  if ((await stat(ready).catch(() => undefined)) === undefined) {
    const problem = await install(home);
    if (problem !== undefined) return problem;
    await writeFile(ready, "");
  }
  process.env.GRADLE_USER_HOME = home;
  return undefined;
}

async function install(home: string): Promise<string | undefined> {
  await using place = await scratch();
  const project = await place.tree("project", {
    "src/test/java/OnceTest.java": "public class OnceTest { @org.junit.Test public void passes() {} }\n",
  });
  await cp(join(fixtures, "gradle-outcomes/build.gradle"), join(project, "build.gradle"));
  await cp(join(fixtures, "gradle-modules/buildSrc"), join(project, "buildSrc"), { recursive: true });
  try {
    // In its final place: old Gradles keep absolute paths.
    const env = { ...process.env, GRADLE_USER_HOME: home };
    await run("gradle", ["--no-daemon", "--console=plain", "test"], { cwd: project, env, timeout: installMsMax });
  } catch (error) {
    return `needs Gradle, a JDK and Maven Central once: ${(error as Error).message.slice(0, 300)}`;
  }
  return undefined;
}
