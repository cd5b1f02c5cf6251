/** Which of the three edits a model is asked for, the narrowest first. */
export type EditMode = "update" | "diff" | "rewrite";

const wider: Readonly<Record<EditMode, EditMode>> = { update: "diff", diff: "rewrite", rewrite: "rewrite" };

/** The mode to ask for when one did not work out. */
export function nextWider(mode: EditMode): EditMode {
  return wider[mode];
}
