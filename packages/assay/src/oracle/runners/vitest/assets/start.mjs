// Runs inside the sandbox: the project's own vitest, started once, without watching and without writing beside the project.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import "../../javascript/assets/read-only-dependencies.mjs";

/** Loads `vitest/node` as the project resolves it. */
export async function loadVitest(root) {
  return await import(pathToFileURL(createRequire(join(root, "package.json")).resolve("vitest/node")).href);
}

/** Runs the tests once; resolves when they are done. Vitest 2 and later. */
export async function startProjectVitest(job, reporters, more = {}) {
  const { parseCLI, startVitest } = await loadVitest(job.root);
  const { filter, options } = parseCLI(["vitest", "run", ...job.args], { allowUnknownOptions: true });
  const files = job.filters.length > 0 ? job.filters : filter;
  return await startVitest("test", files, { ...options, ...fixed(job, reporters), ...more }, viteOverrides);
}

/** A vitest that runs nothing until it is asked to; `options` makes its fixed options of the job. */
export async function openProjectVitest(job, options) {
  const { createVitest, parseCLI } = await loadVitest(job.root);
  const parsed = parseCLI(["vitest", "run", ...job.args], { allowUnknownOptions: true });
  const vitest = await createVitest("test", { ...parsed.options, ...options(job) }, viteOverrides);
  await (vitest.standalone?.() ?? vitest.init?.());
  return vitest;
}

export const viteOverrides = {
  // node_modules, where the cache is by default, cannot be written.
  cacheDir: "/tmp/vitest",
  clearScreen: false,
};

export function fixed(job, reporters) {
  return {
    root: job.root,
    run: true,
    watch: false,
    ui: false,
    open: false,
    api: false,
    reporters,
    coverage: { enabled: false },
    fsModuleCache: false,
    passWithNoTests: true,
    ...(job.pattern === undefined ? {} : { testNamePattern: new RegExp(job.pattern) }),
  };
}
