import { fence } from "./fence.ts";
import { formOf, type Section } from "./section.ts";
import { numbered, shownText } from "./shown-text.ts";

/** A file that is to be rewritten: whole, or not at all. `undefined` where a line of it cannot be shown as it is. */
export function wholeFileSection(file: string, text: string): Section | undefined {
  const shown = shownText(text);
  if (!shown.faithful) return undefined;
  const form = formOf([fence(`${file}, whole`, numbered(shown).join("\n"))], [file], [file]);
  return { name: "the file to be rewritten", priority: 0, required: true, forms: [form] };
}
