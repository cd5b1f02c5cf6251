import { basename, dirname, join, posix, sep } from "node:path";
import { raise } from "#domain";
import type { GivenText } from "./given.ts";
import { isInstalledModule } from "./python-modules.ts";
import type { Imported } from "./read-imports.ts";
import type { TestFile } from "./read-test-file.ts";

type CodeFile = Extract<TestFile, { kind: "code" }>;

/** The module that a test file wants to have solved, and what it uses of it. */
export type Wanted = {
  /** Where the test file stands in the small project, and where the solution does, so that the import finds it. */
  place: string;
  solution: string;
  names: readonly string[];
};

export type Hints = { stub?: GivenText | undefined; name?: string | undefined; typescript: boolean };

/** Finds the import that leads to the solution: the one that is of nothing installed. Raises `usage` where several or none could be it. */
export function findModule(file: CodeFile, hints: Hints): Wanted {
  const { runner, imports, given } = file;
  const name = basename(given.path);
  const candidates =
    runner === "pytest"
      ? imports.filter(({ module }) => !isInstalledModule(module))
      : imports.filter(({ module }) => /^\.{1,2}\//.test(module));
  const chosen = choose(candidates, hints);
  if (chosen === undefined) {
    const seen = candidates.map(({ module }) => module).join(", ");
    raise(
      "usage",
      seen === ""
        ? `${name} imports nothing that could be solved`
        : `${name} imports ${seen}, and nothing says which of them is to be written`,
      runner === "pytest"
        ? "import the function from one module: from solution import f"
        : 'import { f } from "./solution.js";',
    );
  }
  const missing = runner === "pytest" ? [] : candidates.filter((one) => one !== chosen);
  if (missing.length > 0) {
    const others = missing.map(({ module }) => module).join(", ");
    raise(
      "usage",
      `${name} also imports ${others}, which solve does not take along`,
      "give tests that need the solution alone",
    );
  }
  return runner === "pytest" ? pythonPlaces(name, chosen) : scriptPlaces(given.path, chosen, hints);
}

function choose(candidates: readonly Imported[], { stub, name }: Hints): Imported | undefined {
  if (candidates.length < 2) return candidates[0];
  const stem = stub === undefined ? "solution" : stemOf(stub.path);
  const byStem = candidates.filter(
    ({ module }) => stemOf(module.replaceAll(".", "/")) === stem || stemOf(module) === stem,
  );
  if (byStem.length === 1) return byStem[0];
  const byName = name === undefined ? [] : candidates.filter(({ names }) => names.includes(name));
  return byName.length === 1 ? byName[0] : undefined;
}

function pythonPlaces(name: string, { module, names }: Imported): Wanted {
  if (!/^\w+(?:\.\w+)*$/.test(module)) {
    raise("usage", `${name} imports ${module} relative to a package`, "import the solution by its full name");
  }
  const place = /^test_|_test\.py$/.test(name) ? name : `test_${name}`;
  return { place, solution: `${module.replaceAll(".", "/")}.py`, names };
}

/** The test stands as deep as its import climbs. */
function scriptPlaces(path: string, { module, names }: Imported, { stub, typescript }: Hints): Wanted {
  const climbs = module.split("/").filter((part) => part === "..").length;
  // Made plain: a folder named `..` would let the import climb out of the small project.
  const folders = dirname(join(sep, path))
    .split(sep)
    .filter((part) => part !== "");
  const above = Array.from({ length: climbs }, (_, index) => folders.at(index - climbs) ?? "test");
  const name = basename(path);
  const tested = /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(name) ? name : name.replace(/(\.[cm]?[jt]sx?)$/, ".test$1");
  const place = posix.join(...above, tested);
  const target = posix.join(posix.dirname(place), module);
  const isCode = /\.(?:[cm]?[jt]s|[jt]sx)$/.test(target);
  const own =
    stub !== undefined && stemOf(stub.path) === stemOf(target) ? /\.[cm]?[jt]sx?$/.exec(stub.path)?.[0] : undefined;
  if (own !== undefined) return { place, solution: target.replace(/\.[cm]?[jt]sx?$/, "") + own, names };
  return { place, solution: isCode ? target : `${target}${typescript ? ".ts" : ".js"}`, names };
}

/** `calc` of `/a/calc.py`. */
export function stemOf(path: string): string {
  return basename(path).replace(/\.[^.]+$/, "");
}
