import { comparableSource, pragmasIn } from "./comparable-source.ts";
import { structureOf } from "./structure.ts";

/** By their ending, or by a customary name with no ending or one of a document: `license.py` is a module like any other. */
const documents =
  /\.(?:md|markdown|rst|adoc)$|(?:^|\/)(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS|CHANGELOG|CONTRIBUTORS|CODEOWNERS)(?:\.txt)?$/i;

/** Why a difference between two versions of a file is nothing that is executed; `undefined` where it may be. */
export function whyNotExecuted(
  path: string,
  before: string | undefined,
  after: string | undefined,
): string | undefined {
  if (documents.test(path)) return "a document";
  const [was, is] = [comparableSource(path, before), comparableSource(path, after)];
  if (was === undefined || is === undefined) return undefined;
  const texts = [was, is].map((tree) => pragmasIn(tree).map(({ text }) => text));
  if (JSON.stringify(texts[0]) !== JSON.stringify(texts[1])) return undefined;
  return structureOf(was, was.root) === structureOf(is, is.root) ? "comments, documentation or blanks" : undefined;
}
