import { reveal } from "../context/reveal.ts";
import type { EditMode } from "../edit-mode.ts";

/** What an answer is asked to be, as the end of a sentence. */
export function wantedOf(mode: EditMode, file: string | undefined): string {
  const name = file === undefined ? "the file that the tests use" : `\`${reveal(file).replaceAll(/[\n`]/g, "'")}\``;
  const wanted: Readonly<Record<EditMode, string>> = {
    update: "one `update` of one place",
    diff: "one `patch`, as small as is enough",
    rewrite: `the whole \`new_content\` of ${name}`,
  };
  return wanted[mode];
}
