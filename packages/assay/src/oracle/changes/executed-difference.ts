import { languageOf, parseSource } from "#syntax";
import { structureOf } from "./structure.ts";

const documents =
  /\.(?:md|mdx|rst|adoc|markdown)$|(?:^|\/)(?:LICEN[CS]E|NOTICE|AUTHORS|CHANGELOG|CONTRIBUTORS|CODEOWNERS)(?:\.[^/]+)?$/i;

/** Why a difference between two versions of a file is nothing that is executed; `undefined` where it may be. */
export function whyNotExecuted(
  path: string,
  before: string | undefined,
  after: string | undefined,
): string | undefined {
  if (documents.test(path)) return "a document";
  const language = languageOf(path);
  if (language === undefined || before === undefined || after === undefined) return undefined;
  const [was, is] = [parseSource(language, before), parseSource(language, after)];
  if (was.kind !== "parsed" || is.kind !== "parsed") return undefined;
  return structureOf(was.tree, was.tree.root) === structureOf(is.tree, is.tree.root)
    ? "comments, documentation or blanks"
    : undefined;
}
