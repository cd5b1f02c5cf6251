import { shorterForms } from "./cut-lines.ts";
import { fence } from "./fence.ts";
import { formOf, type Section } from "./section.ts";
import { shownText } from "./shown-text.ts";

/** What the user wants beyond green tests. */
export function briefSection(brief: string | undefined): Section {
  const forms = brief === undefined || brief.trim() === "" ? [] : shorterForms(shownText(brief).lines, 10);
  return {
    name: "the description",
    priority: 0,
    required: true,
    forms: forms.map((lines) => formOf([fence("what is wanted", lines.join("\n"))])),
  };
}
