import { isScalar, parseDocument, visit } from "yaml";
import { takeLiterals } from "./block-literals.ts";
import { lenientJson } from "./lenient-json.ts";
import { linesOf } from "./lines-of.ts";

/** Of YAML without its literal block scalars: the parser takes quadratic time for some texts, and well under a second for this much. */
const skeletonCharactersMax = 16 * 1024;

/** JSON or YAML to plain values; `undefined` for what is neither. Texts stay texts, also where YAML reads a number or a date. */
export function parseAnswerDocument(text: string): unknown {
  if (text.trimStart().startsWith("{")) {
    const value = lenientJson(text);
    if (value !== undefined) return value;
  }
  const { skeleton, literals } = takeLiterals(linesOf(text));
  if (skeleton.length > skeletonCharactersMax) return undefined;
  const value = parseYaml(skeleton, literals);
  if (value !== undefined) return value;
  const quoted = withQuotedProse(skeleton);
  return quoted === skeleton ? undefined : parseYaml(quoted, literals);
}

function parseYaml(text: string, literals: ReadonlyMap<string, string>): unknown {
  try {
    // Aliases could make much of little; messages with excerpts, and comparing every key with every other, cost quadratic time.
    const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
    if (document.errors.length > 0) return undefined;
    visit(document, {
      Scalar(_, node) {
        if (!isScalar(node) || node.value === null || node.source === undefined) return;
        if (node.type === "PLAIN") node.value = node.source;
        else if (node.type === "QUOTE_DOUBLE") node.value = literals.get(node.source) ?? node.value;
      },
    });
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    // Too deep for the parser, or with aliases: not an answer.
    return undefined;
  }
}

/** A sentence with a colon is no plain scalar, and models write sentences. */
function withQuotedProse(text: string): string {
  const lines = text.split("\n").map((line) => {
    const key = ["reasoning:", "file_to_patch:", "cause:", "refutation:"].find((prefix) => line.startsWith(prefix));
    const value = key === undefined ? "" : line.slice(key.length).trim();
    return key === undefined || value === "" || "|>\"'{[&*".includes(value[0] ?? "")
      ? line
      : `${key} ${JSON.stringify(value)}`;
  });
  return lines.join("\n");
}
