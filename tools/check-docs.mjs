// node tools/check-docs.mjs — what the documents name exists: links, files, npm scripts.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

// Tracked or new, but not ignored: what tests and runs leave behind is nobody's document.
const listed = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"]);
const documents = listed.stdout.split("\n").filter((path) => /^(README|AGENTS|docs\/|examples\/)/.test(path));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const problems = documents.flatMap((document) => {
  const text = readFileSync(join(root, document), "utf8");
  return [...brokenLinks(document, text), ...missingFiles(document, text), ...missingScripts(document, text)];
});
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${documents.length} documents\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Markdown links to files, relative to the document. */
function brokenLinks(document, text) {
  return [...text.matchAll(/\]\((?<target>[^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(({ groups }) => groups.target)
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(root, dirname(document), target)))
    .map((target) => `${document}: the link ${target} leads nowhere`);
}

/** Paths in `code` that begin with a folder of this repository; with the fixed part of patterns. */
function missingFiles(document, text) {
  return (
    [...text.matchAll(/`(?<path>(?:packages|tools|docs|examples|\.ci)\/[^`\s]*)`/g)]
      // Of a pattern such as `packages/assay/src/<folder>/index.ts` the folder before it must exist.
      .map(({ groups }) => groups.path.replace(/[^/]*[*<{].*$/, ""))
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${document}: ${path} does not exist`)
  );
}

function missingScripts(document, text) {
  return [...text.matchAll(/\bnpm run (?<script>[\w:-]+)/g)]
    .map(({ groups }) => groups.script)
    .filter((script) => scripts[script] === undefined)
    .map((script) => `${document}: there is no npm script ${script}`);
}
