// node tools/check-direction.mjs — dependencies point one way (docs/architecture.md), and the check can fail.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { importsOf } from "./lib/imports-of.mjs";
import { onNode24 } from "./lib/on-node-24.mjs";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

onNode24();

/** From the bottom to the top. A folder may import folders of lower layers; a new edge or folder needs an ADR. */
const layers = [
  ["domain", "wire"],
  ["ports"],
  ["syntax"],
  ["engine", "sandbox", "workspace", "oracle", "proposers", "council", "knowledge", "store", "report", "receipt"],
  ["workflows"],
  ["eval"],
  ["app"],
  ["server", "worker", "mcp"],
  ["cli"],
];
const layerOf = new Map(layers.flatMap((names, layer) => names.map((name) => [name, layer])));
const sources = join(root, "packages", "assay", "src");

const problems = [...checkEdges(), ...checkImports(), ...(await checkProof())];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function folders() {
  return readdirSync(sources, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** The references of each folder's tsconfig.json are its edges: `tsc -b` rejects an import without one. */
function checkEdges() {
  return folders().flatMap((folder) => {
    const layer = layerOf.get(folder);
    if (layer === undefined) return [`${folder}: stands in no layer; add it to tools/check-direction.mjs with an ADR`];
    const config = JSON.parse(readFileSync(join(sources, folder, "tsconfig.json"), "utf8"));
    return config.references
      .map(({ path }) => relative(sources, resolve(sources, folder, path)))
      .filter((target) => !target.startsWith("..") && !(layerOf.get(target) < layer))
      .map((target) => `${folder}/tsconfig.json: ${folder} may not import ${target}, which is not below it`);
  });
}

/** What `tsc -b` cannot see: ways around a folder's index.ts, and Node in the domain. */
function checkImports() {
  return readdirSync(sources, { recursive: true })
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => {
      const [folder] = path.split(sep);
      const isTest = /\.(test|contract)\.ts$/.test(path);
      return importsOf(readFileSync(join(sources, path), "utf8")).flatMap((specifier) => {
        if (specifier.startsWith(".")) {
          const target = relative(sources, resolve(sources, dirname(path), specifier));
          // Tests share support files, and run a port's contract on what implements it.
          const isShared = target.startsWith(join("..", "test", sep)) || target.endsWith(".contract.ts");
          if ((isTest && isShared) || target.split(sep)[0] === folder) return [];
          return [`${path}: ${specifier} leaves the folder; import its #name`];
        }
        if (/^#[^/]+\//.test(specifier)) return [`${path}: ${specifier} goes past the folder's index.ts`];
        if (specifier.startsWith("@assay/sdk/")) return [`${path}: ${specifier} goes past the package's index`];
        if (folder === "domain" && !isTest && specifier.startsWith("node:")) {
          return [`${path}: ${specifier}: the domain is pure`];
        }
        return [];
      });
    });
}

/** An import without an edge must fail with TS6307, and the same import with the edge must pass. */
async function checkProof() {
  const fixture = fileURLToPath(new URL("../packages/assay/test/fixtures/illegal-edge/", import.meta.url));
  const legal = await run("tsc", ["-b", join(fixture, "tsconfig.legal.json")]);
  if (legal.code !== 0) return [`the legal fixture must compile:\n${legal.output}`];
  const illegal = await run("tsc", ["-b", join(fixture, "tsconfig.illegal.json")]);
  if (illegal.code === 0) return ["the illegal fixture compiled: an undeclared edge is no longer an error"];
  const codes = new Set(illegal.output.match(/error TS\d+/g));
  if (codes.size === 1 && codes.has("error TS6307")) return [];
  return [`the illegal fixture failed for another reason than its missing edge (TS6307):\n${illegal.output}`];
}
