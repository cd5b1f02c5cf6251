// node tools/complete-lock.mjs [--check] — names in package-lock.json the packages of every platform.
// npm leaves out packages for other platforms that it could not see when it wrote the file, and `npm ci` then refuses
// the file as out of step. Such a package is never fetched here: an entry with its platform is enough.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "./lib/paths.mjs";

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

const file = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const missing = Object.values(lock.packages).flatMap((parent) =>
  Object.entries(parent.optionalDependencies ?? {})
    .filter(([name]) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)))
    .map(([name, version]) => ({ name, version, dev: parent.dev === true })),
);
if (missing.length === 0) process.exit(0);
if (process.argv.includes("--check")) {
  process.stderr.write(
    `package-lock.json lacks ${missing.length} packages, such as ${missing[0].name}: npm ci will fail\n`,
  );
  process.stderr.write("What to do: node tools/complete-lock.mjs\n");
  process.exit(1);
}
for (const { name, version, dev } of missing) lock.packages[`node_modules/${name}`] = entryFor(name, version, dev);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`named ${missing.length} packages of other platforms\n`);

/** The platform is read off the name, as in `@biomejs/cli-linux-arm64-musl`. */
function entryFor(name, version, dev) {
  // Node calls every 32-bit ARM `arm`.
  const words = name.replace(/armv7l?$/, "arm").split(/[^a-z0-9]+/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`${name}@${version}: no platform in its name; run npm install where it can be fetched`);
  }
  const libc =
    os === "linux" ? (name.includes("musl") ? ["musl"] : name.includes("gnu") ? ["glibc"] : undefined) : undefined;
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...(libc ? { libc } : {}), optional: true, os: [os] };
}
