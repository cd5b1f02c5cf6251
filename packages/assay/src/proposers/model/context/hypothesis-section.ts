import { shorterForms } from "./cut-lines.ts";
import { fence } from "./fence.ts";
import { formOf, type Section } from "./section.ts";
import { shownText } from "./shown-text.ts";

/** What the model itself took for the cause when it was asked for that alone; it may have been wrong. */
export function hypothesisSection(hypothesis: string | undefined): Section {
  const forms = hypothesis === undefined ? [] : shorterForms(shownText(hypothesis).lines, 10);
  return {
    name: "your hypothesis before you saw anything tried",
    priority: 3,
    forms: forms.map((lines) => formOf([fence("hypothesis", lines.join("\n"))])),
  };
}
