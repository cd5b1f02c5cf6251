import { isScalar, parseDocument, visit } from "yaml";
import { lenientJson } from "./lenient-json.ts";

/** JSON or YAML to plain values; `undefined` for what is neither. Texts stay texts, also where YAML reads a number or a date. */
export function parseAnswerDocument(text: string): unknown {
  if (text.trimStart().startsWith("{")) {
    const value = lenientJson(text);
    if (value !== undefined) return value;
  }
  return parseYaml(text) ?? parseYaml(withQuotedProse(text));
}

function parseYaml(text: string): unknown {
  try {
    // Aliases could make much of little; messages with excerpts, and comparing every key with every other, cost quadratic time.
    const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
    if (document.errors.length > 0) return undefined;
    visit(document, {
      Scalar(_, node) {
        if (isScalar(node) && node.type === "PLAIN" && node.value !== null && node.source !== undefined) {
          node.value = node.source;
        }
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
    const key = ["reasoning:", "file_to_patch:"].find((prefix) => line.startsWith(prefix));
    const value = key === undefined ? "" : line.slice(key.length).trim();
    return key === undefined || value === "" || "|>\"'{[&*".includes(value[0] ?? "")
      ? line
      : `${key} ${JSON.stringify(value)}`;
  });
  return lines.join("\n");
}
