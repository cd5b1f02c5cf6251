import { languageOf, namedFunctions, parseSource, type ReadFileState } from "#syntax";
import type { EditMode } from "../edit-mode.ts";
import type { PlacedEdit } from "./edit-of-answer.ts";

const namesMax = 5;

/**
 * Why a whole new file that nobody asked for is not taken: it lacks functions of the old one. A model that was asked for an update or a
 * diff has not always seen the whole file, and a block of code in prose is not always a file.
 */
export async function lostNames(
  { edit, changes }: Extract<PlacedEdit, { kind: "placed" }>,
  asked: EditMode | "code",
  read: ReadFileState,
): Promise<string | undefined> {
  if (edit.kind !== "rewrite" || asked === "rewrite") return undefined;
  const before = await read(edit.path);
  if (before.kind !== "file") return undefined;
  const after = new Set(namesIn(edit.path, changes.get(edit.path)?.text ?? ""));
  const lost = namesIn(edit.path, before.state.text).filter((name) => !after.has(name));
  if (lost.length === 0) return undefined;
  const named = `${lost.slice(0, namesMax).join(", ")}${lost.length > namesMax ? ", …" : ""}`;
  return `the whole of ${edit.path} would be replaced, which was not asked for, by something that lacks ${named}`;
}

function namesIn(file: string, text: string): string[] {
  const language = languageOf(file);
  const parsed = language === undefined ? undefined : parseSource(language, text);
  return parsed?.kind === "parsed" ? namedFunctions(parsed.tree).map(({ name }) => name) : [];
}
