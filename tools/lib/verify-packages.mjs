import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

/** Packs the packages, installs them into an empty project as a user would, and starts the program there. */
export async function verifyPackages(folders) {
  const scratch = mkdtempSync(join(tmpdir(), "assay-packed-"));
  try {
    const archives = [];
    for (const folder of folders) {
      const packed = await run("npm", ["pack", "--json", "--pack-destination", scratch, folder], { cwd: scratch });
      if (packed.code !== 0) return failed("npm pack", packed);
      const [{ filename, size, entryCount }] = Object.values(JSON.parse(packed.stdout));
      process.stdout.write(`packed ${filename}: ${entryCount} files, ${Math.ceil(size / 1024)} kB\n`);
      archives.push(join(scratch, filename));
    }
    writeFileSync(join(scratch, "package.json"), '{ "private": true }\n');
    const installed = await run("npm", ["install", "--no-audit", "--no-fund", ...archives], { cwd: scratch });
    if (installed.code !== 0) return failed("npm install", installed);
    return (await answersVersion(scratch)) && (await healsProject(scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function answersVersion(scratch) {
  const { version } = JSON.parse(readFileSync(join(root, "packages", "assay", "package.json"), "utf8"));
  const answered = await run(join(scratch, "node_modules", ".bin", "assay"), ["--version"], { cwd: scratch });
  if (answered.code !== 0 || answered.stdout.trim() !== version) return failed("assay --version", answered);
  process.stdout.write(`the installed assay says ${version}\n`);
  return true;
}

/** Everything that the program loads by path (plugins, reporters, styles) must have been packed too. */
async function healsProject(scratch) {
  const project = join(scratch, "project");
  const name = "typescript-semver-upgrades";
  cpSync(join(root, "examples", name), project, { recursive: true, filter: (path) => !path.includes(".assay") });
  const healed = await run(join(scratch, "node_modules", ".bin", "assay"), ["heal", project, "--json"], {
    cwd: scratch,
  });
  const result = lastLine(healed.stdout);
  if (healed.code !== 0 || result?.outcome !== "accepted") return failed("assay heal", healed);
  if (!existsSync(result.receipt)) return failed(`${result.receipt} is missing after assay heal`, healed);
  process.stdout.write(`the installed assay heals a copy of examples/${name}\n`);
  return true;
}

function lastLine(stdout) {
  try {
    return JSON.parse(stdout.trimEnd().split("\n").at(-1));
  } catch {
    return undefined;
  }
}

function failed(what, { code, output }) {
  process.stderr.write(`${what}: exit ${code}\n${output.slice(-4000)}\n`);
  return false;
}
