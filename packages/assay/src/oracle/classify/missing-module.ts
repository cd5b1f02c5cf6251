import type { Language } from "#ports";

const pythonModule = /No module named '?([\w.]+)'?/;
const javascriptModule = /(?:module|package|import|url)\s+['"]([^'"]+)['"]/i;

/** Misspelt rather than missing: standard modules that code imports often. */
const standardModules =
  "abc argparse array ast asyncio base64 bisect calendar collections contextlib copy csv ctypes dataclasses datetime decimal difflib enum fractions functools glob hashlib heapq html http importlib inspect io itertools json locale logging math multiprocessing numbers operator os pathlib pickle platform pprint queue random re secrets shutil signal socket sqlite3 statistics string struct subprocess sys tempfile textwrap threading time tomllib traceback types typing unittest urllib uuid warnings weakref xml zipfile zoneinfo".split(
    " ",
  );

/** The module that a message says is missing. */
export function missingModule(message: string, language: Language): string | undefined {
  return (language === "python" ? pythonModule : javascriptModule).exec(message)?.[1];
}

/**
 * True when a missing module is one the environment should have had: not the project's own, and not a misspelling
 * of something near. A broken import of the project's own code is for healing, a missing dependency is not.
 */
export function isThirdParty(module: string, language: Language, files: readonly string[]): boolean {
  if (language !== "python") return !/^(?:[./#]|file:|node:)/.test(module);
  const [top = module] = module.split(".");
  const own = ownModules(files);
  if (own.has(top)) return false;
  return ![...own, ...standardModules].some((name) => isMisspelling(top, name));
}

/** Names that project files could be imported by: every module and every package, wherever the path may start. */
function ownModules(files: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const file of files) {
    if (!file.endsWith(".py")) continue;
    for (const part of file.slice(0, -".py".length).split("/")) names.add(part);
  }
  return names;
}

/** One letter more, less, changed, or two swapped, in a word long enough for that to be no accident. */
export function isMisspelling(word: string, name: string): boolean {
  if (word === name || Math.min(word.length, name.length) < 4 || Math.abs(word.length - name.length) > 1) return false;
  let start = 0;
  while (start < word.length && word[start] === name[start]) start += 1;
  let end = 0;
  const rest = Math.min(word.length, name.length) - start;
  while (end < rest && word.at(-1 - end) === name.at(-1 - end)) end += 1;
  const [left, right] = [word.slice(start, word.length - end), name.slice(start, name.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right === `${left[1]}${left[0]}`;
}
