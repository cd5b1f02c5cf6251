import { importedFiles } from "#syntax";
import { cutMiddle } from "./cut-lines.ts";
import { type Definition, definitionsIn, namesUsed } from "./definitions.ts";
import { fence } from "./fence.ts";
import type { Located } from "./locate.ts";
import { distinct, type Form, formOf, type Section } from "./section.ts";
import { numbered, shownText } from "./shown-text.ts";

/** How many definitions the forms show, the fullest first, and lines of each. */
const counts = [16, 8, 4, 2] as const;
const linesMax = 24;
/** Suspicious pieces whose names are looked up. */
const spotsMax = 6;

type Found = Definition & { file: string };

/** Types, constants and functions that the suspicious code uses, from its own file and those that it imports. `except`: files shown whole. */
export function definitionsSection({ sources, spots }: Located, except: ReadonlySet<string>): Section {
  const used = spots.slice(0, spotsMax);
  const found = new Map<string, Found>();
  for (const spot of used) {
    const tree = sources.tree(spot.file);
    if (tree === undefined) continue;
    const names = namesUsed(tree, spot);
    const text = sources.texts.get(spot.file) ?? "";
    const others = importedFiles(spot.file, text, [...sources.texts.keys()]);
    for (const file of [spot.file, ...others]) {
      if (except.has(file)) continue;
      const home = sources.tree(file);
      for (const definition of home === undefined ? [] : definitionsIn(home)) {
        const isShown = spots.some(
          ({ file: other, start, end }) => other === file && start <= definition.start && definition.end <= end,
        );
        if (names.has(definition.name) && !isShown) found.set(`${file}:${definition.start}`, { ...definition, file });
      }
    }
  }
  const definitions = [...found.values()];
  const form = (count: number): Form => told(definitions.slice(0, count), sources.texts);
  const forms = definitions.length === 0 ? [] : distinct(counts.map(form));
  return { name: "what the suspicious code uses", priority: 4, excerpt: true, forms };
}

function told(definitions: readonly Found[], texts: ReadonlyMap<string, string>): Form {
  const files = [...new Set(definitions.map(({ file }) => file))];
  const blocks = files.map((file) => {
    const text = shownText(texts.get(file) ?? "");
    const own = definitions.filter((one) => one.file === file).sort((a, b) => a.start - b.start);
    const lines = own.flatMap(({ start, end }) => cutMiddle(numbered(text, start, end), linesMax));
    return fence(`${file}, what is used of it`, lines.join("\n"));
  });
  return formOf(blocks, files);
}
