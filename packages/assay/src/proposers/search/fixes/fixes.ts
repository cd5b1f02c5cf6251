import type { ClassifiedFailure } from "@assay/sdk";
import { languageOf } from "#syntax";
import type { RankedEdit } from "../ranked-edit.ts";
import type { SourceTrees } from "../source-trees.ts";
import { argumentCountFixes, keywordFixes } from "./fix-arguments.ts";
import { type Fix, replacementOf } from "./fix-edit.ts";
import {
  attributeFixes,
  missingExportFixes,
  missingModuleFixes,
  outerNameFixes,
  undefinedNameFixes,
} from "./fix-names.ts";
import { type ParseAllowance, parseAllowance, syntaxFixes } from "./fix-syntax.ts";
import { knownFailure } from "./known-failure.ts";
import { ProjectNames } from "./project-names.ts";

/** Above all edits of the search, however suspicious their place. */
const scoreFirst = 4;
const scoreStep = 0.0001;
const fixesMax = 400;

/**
 * Edits that the failures' own messages suggest: misspelt names, missing imports, brackets and indentation, numbers of arguments. They
 * are few, and tried before anything is searched.
 */
export function fixesFor(
  failures: readonly ClassifiedFailure[],
  sources: SourceTrees,
  files: readonly string[],
): RankedEdit[] {
  const names = new ProjectNames(sources, files);
  const found: RankedEdit[] = [];
  const allowance = parseAllowance();
  for (const failure of failures) {
    for (const fix of fixesOf(failure, names, sources.texts, allowance)) {
      const source = sources.texts.get(fix.file);
      if (source === undefined || found.length >= fixesMax) continue;
      found.push({ edit: replacementOf(fix, source), score: scoreFirst - found.length * scoreStep });
    }
  }
  return found;
}

function* fixesOf(
  failed: ClassifiedFailure,
  names: ProjectNames,
  sources: ReadonlyMap<string, string>,
  allowance: ParseAllowance,
): Iterable<Fix> {
  const known = knownFailure(failed);
  if (known === undefined) return;
  const places = placesOf(failed, sources);
  const [place] = places;
  switch (known.kind) {
    case "undefined-name":
      for (const { file, line } of places) yield* undefinedNameFixes(file, known.name, line, names);
      return;
    case "unbound-local":
      if (place !== undefined) yield* outerNameFixes(place.file, known.name, place.line, names);
      return;
    case "missing-export":
      yield* missingExportFixes(place?.file, known.module, known.name, names);
      return;
    case "missing-module":
      for (const { file } of places) yield* missingModuleFixes(file, known.module, names);
      return;
    case "missing-attribute":
      for (const { file, line } of places) yield* attributeFixes(file, known.name, line, names);
      return;
    case "argument-count":
      yield* argumentCountFixes(place, known.function, known.surplus, names);
      return;
    case "unknown-keyword":
      yield* keywordFixes(known.function, known.keyword, names);
      return;
    case "syntax":
      for (const file of brokenFiles(places, sources)) {
        const language = languageOf(file);
        const line = places.find((one) => one.file === file)?.line;
        if (language) yield* syntaxFixes(file, sources.get(file) ?? "", language, line, allowance);
      }
  }
}

type At = { file: string; line?: number };

/** Source files of the failure, innermost first; where it names none, every file. */
function placesOf(
  { failure }: ClassifiedFailure,
  sources: ReadonlyMap<string, string>,
): { file: string; line: number }[] {
  const own = failure.file === undefined ? [] : [{ file: failure.file, line: failure.line ?? 1 }];
  // Node names the module that asked for another only in the message.
  const asking = /imported from (\S+)/.exec(failure.message)?.[1];
  const importer = asking === undefined ? undefined : [...sources.keys()].find((file) => asking.endsWith(`/${file}`));
  const all = [
    ...own,
    ...failure.frames.map(({ file, line }) => ({ file, line })),
    ...(importer === undefined ? [] : [{ file: importer, line: 1 }]),
  ];
  const known = all.filter(({ file }) => sources.has(file));
  return known.filter((one, index) => known.findIndex(({ file }) => file === one.file) === index);
}

function brokenFiles(places: readonly At[], sources: ReadonlyMap<string, string>): string[] {
  const named = places.map(({ file }) => file);
  return named.length > 0 ? named : [...sources.keys()];
}
