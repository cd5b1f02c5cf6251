import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import type { Snapshot } from "#ports";
import type { RunnerChoice } from "./choose-runner.ts";
import type { Manifest } from "./manifest.ts";
import { findPackage } from "./node-modules.ts";

/** The fault of a project whose runner, loader or own dependencies are not installed; development tools are not looked for. */
export async function missingDependency(
  snapshot: Snapshot,
  manifest: Manifest | undefined,
  { runner, command }: RunnerChoice,
): Promise<Fault | undefined> {
  const needed = new Set<string>();
  if (runner !== "node-test") needed.add(runner);
  for (const flag of command?.nodeFlags ?? []) {
    const loaded = /^--(?:import|require|loader|experimental-loader)=(.+)$/.exec(flag)?.[1];
    const name = loaded === undefined ? undefined : packageOf(loaded);
    if (name !== undefined) needed.add(name);
  }
  for (const [name, version] of Object.entries(manifest?.dependencies ?? {})) {
    if (!version.startsWith("file:") && !version.startsWith("link:")) needed.add(name);
  }
  const missing: string[] = [];
  for (const name of needed) if ((await findPackage(snapshot.root, name)) === undefined) missing.push(name);
  if (missing.length === 0) return runner === "vitest" ? await tooOld(snapshot) : undefined;
  const shown = missing.slice(0, 5).join(", ") + (missing.length > 5 ? ` and ${missing.length - 5} more` : "");
  return fault(
    "dependency-missing",
    `Not installed in ${snapshot.root}: ${shown}.`,
    `Run \`${installCommand(snapshot, manifest)}\` in ${snapshot.root}.`,
  );
}

/** Vitest reports single tests as they happen since version 3. */
async function tooOld(snapshot: Snapshot): Promise<Fault | undefined> {
  const version = (await findPackage(snapshot.root, "vitest"))?.version ?? "";
  if (Number.parseInt(version, 10) >= 3) return undefined;
  return fault("oracle-unavailable", `vitest ${version} is too old: Assay needs version 3 or later.`, "Update vitest.");
}

/** The package's name of a bare specifier; undefined for a path, a URL or a built-in. */
function packageOf(specifier: string): string | undefined {
  if (/^(?:\.|\/|[a-z]+:)/.test(specifier)) return undefined;
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}

function installCommand(snapshot: Snapshot, manifest: Manifest | undefined): string {
  const has = (name: string) => snapshot.files.includes(name);
  const manager = /^(npm|pnpm|yarn|bun)@/.exec(manifest?.packageManager ?? "")?.[1];
  if (manager === "pnpm" || has("pnpm-lock.yaml")) return "pnpm install --frozen-lockfile";
  if (manager === "yarn" || has("yarn.lock")) return "yarn install";
  if (manager === "bun" || has("bun.lock") || has("bun.lockb")) return "bun install";
  return has("package-lock.json") || has("npm-shrinkwrap.json") ? "npm ci" : "npm install";
}
