import type { Edit, PersonAnswer } from "@assay/sdk";
import type { Workspace } from "#ports";
import { type Answer, readAnswer } from "./answer.ts";
import type { FoundAnswer } from "./mailbox.ts";
import { visibleLine } from "./visible.ts";

/** An answer that can be used, with its text as it was given. */
export type Given = { text: string; via: PersonAnswer["via"]; answer: Answer };

export type TakenAnswer = { kind: "given"; given: Given } | { kind: "refused"; problems: readonly string[] };

/** What was found, if it can be read and, being a change, applies. `open` gives the project to try it on. */
export async function takeAnswer(
  open: () => Promise<Workspace>,
  found: FoundAnswer,
  via: Given["via"],
): Promise<TakenAnswer> {
  if (found.kind === "none") return { kind: "refused", problems: ["there is no such file"] };
  if (found.kind === "unusable") return { kind: "refused", problems: [found.problem] };
  const read = readAnswer(found.text);
  if (read.kind === "unusable") return { kind: "refused", problems: read.problems };
  const { answer } = read;
  const problems = answer.kind === "patch" ? await problemsOf(open, answer.edit) : [];
  if (problems.length > 0) return { kind: "refused", problems };
  return { kind: "given", given: { text: found.text, via, answer } };
}

/** Why a change cannot even be tried. */
async function problemsOf(open: () => Promise<Workspace>, edit: Edit): Promise<readonly string[]> {
  await using workspace = await open();
  const applied = await workspace.apply([edit]);
  if (applied.kind === "applied") return (await workspace.diff()) === "" ? ["the change changes nothing"] : [];
  return applied.problems.map(({ path, message }) => `${visibleLine(path)}: ${visibleLine(message)}`);
}
