/** A file of the user's, read. */
export type GivenText = { path: string; text: string };

/** What the user gave, read. */
export type Material = {
  description?: string;
  stub?: GivenText;
  tests: readonly GivenText[];
  hidden: readonly GivenText[];
};

/** Files of a small project: content by project-relative POSIX path. */
export type Files = Readonly<Record<string, string>>;
