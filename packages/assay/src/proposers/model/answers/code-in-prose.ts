import type { ProposalRequest } from "#ports";
import { languageOf, namedFunctions, parseSource, type SyntaxTree } from "#syntax";
import { readText } from "../../search/read-text.ts";
import type { ProposedEdit } from "./answer-shape.ts";
import type { FencedBlock } from "./fenced-blocks.ts";

/** Source files looked at for the one that a block of code belongs to. */
const filesMax = 200;

export type CodeFound =
  | { kind: "found"; file: string | undefined; edit: ProposedEdit }
  | { kind: "unclear"; problem: string };

const languageWords: Readonly<Record<string, readonly string[]>> = {
  python: ["python", "py", "python3"],
  javascript: ["javascript", "js", "jsx", "mjs", "cjs"],
  typescript: ["typescript", "ts", "tsx", "mts"],
  go: ["go", "golang"],
  rust: ["rust", "rs"],
  java: ["java"],
};

/**
 * What a model that was not able to keep to a format means by a fenced block: a diff, a whole file, or one function of a file.
 * `undefined`: there is no such block. The file is the one that the block names, else the only one that it can be.
 */
export async function codeInProse(
  blocks: readonly FencedBlock[],
  request: ProposalRequest,
): Promise<CodeFound | undefined> {
  const closed = blocks.filter((block) => block.closed && block.text.trim() !== "");
  const diffs = closed.filter(({ info }) => /^(?:diff|patch)\b/i.test(info));
  const [diff] = diffs;
  if (diff !== undefined && diffs.length === 1) {
    return { kind: "found", file: undefined, edit: { mode: "diff", patch: diff.text } };
  }
  const words = languageWords[request.profile.language] ?? [];
  const labelled = closed.filter(({ info }) => words.includes(info.split(/[\s:{]/, 1)[0]?.toLowerCase() ?? ""));
  const code = labelled.length > 0 ? labelled : closed.filter(({ info }) => info === "");
  const [block] = code;
  if (block === undefined) return undefined;
  if (code.length > 1) {
    return { kind: "unclear", problem: `there are ${code.length} blocks of code and no word on which is the edit` };
  }
  return placed(block, request);
}

async function placed(block: FencedBlock, request: ProposalRequest): Promise<CodeFound> {
  const sources = request.profile.sourceFiles.slice(0, filesMax);
  const named = sources.filter((file) => mentions(block, file));
  const files = named.length > 0 ? named : sources;
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = await readText(request.snapshot, file);
    if (text !== undefined) texts.set(file, text);
  }
  const [only] = files;
  if (files.length === 1 && only !== undefined) return editOf(block.text, only, texts.get(only));
  const wanted = functionsOf(only ?? "", block.text);
  const homes = [...texts].filter(([file, text]) => wanted.length > 0 && hasAll(functionsOf(file, text), wanted));
  const [home] = homes;
  if (home !== undefined && homes.length === 1) return editOf(block.text, home[0], home[1]);
  return {
    kind: "unclear",
    problem: "there is a block of code and no word on which file it belongs to (file_to_patch)",
  };
}

/** One function alone stands for the function of that name; anything else for the file. */
function editOf(code: string, file: string, text: string | undefined): CodeFound {
  const tree = text === undefined ? undefined : treeOf(file, text);
  const old = tree === undefined ? [] : namedFunctions(tree);
  const fresh = functionsOf(file, code);
  const [name] = fresh;
  const isPart = name !== undefined && fresh.length === 1 && isOneFunction(file, code);
  const target = isPart ? old.filter((one) => one.name === name) : [];
  const [place] = target;
  if (text !== undefined && place !== undefined && target.length === 1 && !isOneFunction(file, text)) {
    const oldStr = text.slice(place.start, place.end);
    return { kind: "found", file, edit: { mode: "update", oldStr, newStr: code.trim() } };
  }
  return { kind: "found", file, edit: { mode: "rewrite", content: code } };
}

function isOneFunction(file: string, code: string): boolean {
  const tree = treeOf(file, code);
  const [first] = tree === undefined ? [] : namedFunctions(tree);
  return first !== undefined && code.slice(first.start, first.end).trim() === code.trim();
}

function functionsOf(file: string, text: string): string[] {
  const tree = treeOf(file, text);
  return tree === undefined ? [] : namedFunctions(tree).map(({ name }) => name);
}

function treeOf(file: string, text: string): SyntaxTree | undefined {
  const language = languageOf(file);
  const parsed = language === undefined ? undefined : parseSource(language, text);
  return parsed?.kind === "parsed" ? parsed.tree : undefined;
}

function hasAll(names: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((name) => names.includes(name));
}

/** In the words behind the fence, or in the block's first line. */
function mentions({ info, text }: FencedBlock, file: string): boolean {
  return info.includes(file) || text.slice(0, 400).split("\n", 1)[0]?.includes(file) === true;
}
