// node tools/build.mjs [--verify] — makes what is published: dist/npm/assay and dist/npm/sdk.
// Node does not strip types under node_modules, so a published package holds JavaScript.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { onNode24 } from "./lib/on-node-24.mjs";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

onNode24();

const out = join(root, "dist", "npm");
const sourceOnly = /(\.test\.ts|\.contract\.ts|tsconfig\.json)$/;

// The command line references every other folder.
const compiled = await run("tsc", ["-b", "packages/assay/src/cli"]);
if (compiled.code !== 0) {
  process.stderr.write(compiled.output);
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });

const sdk = assemble({
  name: "sdk",
  emitted: "dist",
  target: "dist",
  adapt: (manifest) => ({
    ...manifest,
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    files: ["dist"],
  }),
});
const assay = assemble({
  name: "assay",
  emitted: join("dist", "src"),
  target: join("dist", "src"),
  adapt: (manifest) => ({
    ...manifest,
    devDependencies: undefined,
    imports: Object.fromEntries(
      Object.entries(manifest.imports).map(([name, path]) => [
        name,
        path.replace(/^\.\/src\/(.*)\.(ts|js)$/, "./dist/src/$1.js"),
      ]),
    ),
    files: ["bin", "dist"],
  }),
});
mkdirSync(join(assay, "bin"));
copyFileSync(join(root, "packages", "assay", "bin", "assay.mjs"), join(assay, "bin", "assay.mjs"));
for (const folder of [sdk, assay]) copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
copyFileSync(join(root, "README.md"), join(assay, "README.md"));
process.stdout.write(`built ${sdk}\nbuilt ${assay}\n`);

if (process.argv.includes("--verify")) {
  const { verifyPackages } = await import("./lib/verify-packages.mjs");
  process.exitCode = (await verifyPackages([sdk, assay])) ? 0 : 1;
}

/** Copies a package's emitted modules and the assets beside its sources; stale output of deleted sources stays behind. */
function assemble({ name, emitted, target, adapt }) {
  const source = join(root, "packages", name);
  const folder = join(out, name);
  for (const path of readdirSync(join(source, "src"), { recursive: true, withFileTypes: true })) {
    if (!path.isFile() || sourceOnly.test(path.name) || path.parentPath.includes("__pycache__")) continue;
    const relative = join(path.parentPath, path.name).slice(join(source, "src").length + 1);
    // A declaration is written by hand or by a generator, as is the module beside it: both are copied as they are.
    if (relative.endsWith(".ts") && !relative.endsWith(".d.ts")) {
      const stem = relative.slice(0, -".ts".length);
      for (const file of [`${stem}.js`, `${stem}.d.ts`]) copy(join(source, emitted, file), join(folder, target, file));
    } else copy(join(source, "src", relative), join(folder, target, relative));
  }
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(adapt(manifest), null, 2)}\n`);
  return folder;
}

function copy(from, to) {
  if (!existsSync(from)) throw new Error(`${from} was not emitted; remove packages/*/dist and build again`);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
