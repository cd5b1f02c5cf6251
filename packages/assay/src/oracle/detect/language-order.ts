import type { RunnerName } from "@assay/sdk";
import type { Snapshot } from "#ports";
import { isPython } from "./python/file-kinds.ts";

/** Languages that are detected together. */
export type Family = "python" | "javascript" | "go" | "rust" | "java";

type Manifest = { manifest: string; family: Family; runner: RunnerName };

const compiled: readonly Manifest[] = [
  { manifest: "go.mod", family: "go", runner: "go-test" },
  { manifest: "Cargo.toml", family: "rust", runner: "cargo" },
  { manifest: "pom.xml", family: "java", runner: "maven" },
  ...["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"].map(
    (manifest): Manifest => ({ manifest, family: "java", runner: "gradle" }),
  ),
];
const javascriptFile = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const pythonProject = /^(?:pyproject\.toml|setup\.py|setup\.cfg|pytest\.ini|tox\.ini|conftest\.py)$/;

/** Manifests of compiled languages at the root, one for each runner. */
export function compiledAtRoot(files: readonly string[]): readonly Manifest[] {
  const found = compiled.filter(({ manifest }) => files.includes(manifest));
  return found.filter(({ runner }, index) => found.findIndex((other) => other.runner === runner) === index);
}

/** The families to ask, in this order; empty when there is no code of any. */
export function languageOrder({ files }: Snapshot): Family[] {
  const others = [...new Set(compiledAtRoot(files).map(({ family }) => family))];
  if (others.length === 0 && files.some((file) => file.endsWith("/go.mod"))) others.push("go");
  const interpreted = interpretedOrder(files);
  const ownRoot = files.includes("package.json") || files.some((file) => pythonProject.test(file));
  return ownRoot || compiledAtRoot(files).length === 0 ? [...interpreted, ...others] : [...others, ...interpreted];
}

function interpretedOrder(files: readonly string[]): Family[] {
  const pythons = files.filter(isPython).length;
  const javascripts = files.filter((file) => javascriptFile.test(file)).length;
  const hasPackage = files.includes("package.json");
  const python = pythons + (files.some((file) => pythonProject.test(file)) ? 5 : 0);
  const javascript = javascripts + (hasPackage ? 5 : 0);
  const order: Family[] = python > javascript ? ["python", "javascript"] : ["javascript", "python"];
  return order.filter((family) => (family === "python" ? pythons > 0 : javascripts > 0 || hasPackage));
}
