import type { LanguageTable } from "../language.ts";
import { javascript } from "./javascript.ts";
import { python } from "./python.ts";
import { tsx, typescript } from "./typescript.ts";

export const languages: readonly LanguageTable[] = [python, javascript, typescript, tsx];

/** The language of a file by its name's ending. */
export function languageOf(path: string): LanguageTable | undefined {
  return languages.find((language) => language.extensions.some((extension) => path.endsWith(extension)));
}
