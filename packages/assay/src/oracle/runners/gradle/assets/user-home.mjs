// Runs inside the sandbox, in the driver: a home of Gradle's own in which what was downloaded before can be read.
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** The version of an installed Gradle, e.g. `8.5`; `undefined` when its libraries do not say. */
export function gradleVersion(home) {
  const names = list(join(home, "lib"));
  return names.map((name) => /^gradle-(?:launcher|core)-(\d+\.\d+.*)\.jar$/.exec(name)?.[1]).find(Boolean);
}

/**
 * Makes the folder for GRADLE_USER_HOME; gives what must be in the environment beside it. Gradle 6.1 and later read a read-only
 * cache; earlier ones write to its indexes, which are copied, and find what was downloaded by links.
 */
export function makeUserHome(home, cache, version) {
  const generated = join("caches", version ?? "", "generated-gradle-jars");
  mkdirSync(join(home, generated), { recursive: true });
  for (const name of list(join(cache, "..", generated)).filter((each) => each.endsWith(".jar"))) {
    symlinkSync(join(cache, "..", generated, name), join(home, generated, name));
  }
  const modules = list(join(cache, "modules-2"));
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number.parseFloat);
  if (modules.length === 0) return {};
  if (major > 6 || (major === 6 && minor >= 1)) return { GRADLE_RO_DEP_CACHE: cache };
  mkdirSync(join(home, "caches/modules-2"));
  for (const name of modules) {
    const [from, to] = [join(cache, "modules-2", name), join(home, "caches/modules-2", name)];
    if (name.startsWith("files-")) symlinkSync(from, to);
    else if (name.startsWith("metadata-")) cpSync(from, to, { recursive: true });
  }
  return {};
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
