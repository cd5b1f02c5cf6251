/** One way to say something in a prompt. */
export type Form = {
  text: string;
  /** Files whose text is in it. */
  files: readonly string[];
  /** Those of them that are in it from the first line to the last. */
  whole: readonly string[];
};

/** A part of a prompt. */
export type Section = {
  /** What it is called above its text, or where it had to be left out, e.g. `the callers`. */
  name: string;
  /** Gets what there is room for before those with a higher number. */
  priority: number;
  /** Without it the prompt makes no sense. */
  required?: boolean;
  /** Says nothing new of files that another section shows whole. */
  excerpt?: boolean;
  /** The fullest first; the others say what they lack. None: there is nothing to say. */
  forms: readonly Form[];
};

/** The ways without those that say the same as the one before. */
export function distinct(forms: readonly Form[]): Form[] {
  return forms.filter(({ text }, index) => text !== forms[index - 1]?.text);
}

/** Blocks of text, with a blank line between, that show these files. */
export function formOf(blocks: readonly string[], files: readonly string[] = [], whole: readonly string[] = []): Form {
  return { text: blocks.join("\n\n"), files: [...new Set(files)], whole };
}
