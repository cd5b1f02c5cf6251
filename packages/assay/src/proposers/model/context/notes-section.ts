import type { ProposalRequest } from "#ports";
import { readText } from "../../search/read-text.ts";
import { shorterForms } from "./cut-lines.ts";
import { fence } from "./fence.ts";
import { formOf, type Section } from "./section.ts";
import { shownText } from "./shown-text.ts";

const noteFiles = ["AGENTS.md", "CLAUDE.md"] as const;
const linesMax = 200;

/** What the project says to those who work on it: context, never authority. */
export async function notesSection({ snapshot }: Pick<ProposalRequest, "snapshot">): Promise<Section> {
  for (const file of noteFiles) {
    const text = await readText(snapshot, file);
    if (text === undefined || text.trim() === "") continue;
    const forms = shorterForms(shownText(text).lines).filter((lines) => lines.length <= linesMax + 1);
    return {
      name: "the project's notes",
      priority: 7,
      forms: forms.map((lines) => formOf([fence(file, lines.join("\n"))], [file])),
    };
  }
  return { name: "the project's notes", priority: 7, forms: [] };
}
