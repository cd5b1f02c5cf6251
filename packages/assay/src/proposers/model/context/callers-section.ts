import { parts, type SyntaxTree, textOf, walk } from "#syntax";
import { fence } from "./fence.ts";
import type { Located } from "./locate.ts";
import { distinct, type Form, formOf, type Section } from "./section.ts";
import { numbered, shownText } from "./shown-text.ts";
import { unitsOf } from "./units.ts";

/** How many calls the forms show, the fullest first. */
const counts = [16, 6, 3] as const;
/** Suspicious functions whose callers are looked for. */
const functionsMax = 6;
/** Files that mention one of them and are parsed. */
const filesMax = 30;

type Call = { file: string; line: number; inside: string | undefined };

/** Where the suspicious functions are called, a line of each place with the function it is in. `except`: files shown whole. */
export function callersSection({ sources, spots }: Located, except: ReadonlySet<string>): Section {
  const names = new Set(spots.slice(0, functionsMax).flatMap(({ name }) => name?.split(".").at(-1) ?? []));
  const calls: Call[] = [];
  const files = [...sources.texts.keys()].filter((file) => !except.has(file) && mentioning(names, file, sources.texts));
  for (const file of files.slice(0, filesMax)) {
    const tree = sources.tree(file);
    for (const call of tree === undefined ? [] : callsOf(names, file, tree)) {
      const isShown = spots.some(
        ({ file: other, start, end }) => other === file && start <= call.line && call.line <= end,
      );
      if (!isShown) calls.push(call);
    }
    if (calls.length >= counts[0]) break;
  }
  const form = (count: number): Form => told(calls.slice(0, count), sources.texts);
  return {
    name: "the callers",
    priority: 5,
    excerpt: true,
    forms: calls.length === 0 ? [] : distinct(counts.map(form)),
  };
}

function mentioning(names: ReadonlySet<string>, file: string, texts: ReadonlyMap<string, string>): boolean {
  const text = texts.get(file) ?? "";
  return [...names].some((name) => text.includes(name));
}

function callsOf(names: ReadonlySet<string>, file: string, tree: SyntaxTree): Call[] {
  const units = unitsOf(tree);
  const lines = new Set<number>();
  for (const node of walk(tree.root)) {
    const callee = node.shape === "call" || node.shape === "new" ? parts(node)[0] : undefined;
    const last = callee?.shape === "member" ? parts(callee).at(-1) : callee;
    if (last !== undefined && names.has(textOf(tree, last))) lines.add(node.line);
  }
  return [...lines].map((line) => {
    const inside = units.find(({ name, start, end }) => name !== undefined && start <= line && line <= end)?.name;
    return { file, line, inside };
  });
}

function told(calls: readonly Call[], texts: ReadonlyMap<string, string>): Form {
  const files = [...new Set(calls.map(({ file }) => file))];
  const blocks = files.map((file) => {
    const text = shownText(texts.get(file) ?? "");
    const lines = calls
      .filter((call) => call.file === file)
      .flatMap(({ line, inside }) =>
        numbered(text, line, line).map((one) => (inside === undefined ? one : `${one}    (in ${inside})`)),
      );
    return fence(`${file}, calls`, lines.join("\n"));
  });
  return formOf(blocks, files);
}
