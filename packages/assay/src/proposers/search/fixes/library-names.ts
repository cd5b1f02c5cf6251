/** Names that a language brings along; data, so that a language is added by adding a table. */
export type LibraryNames = {
  readonly builtins: readonly string[];
  readonly modules: readonly string[];
  /** What is often imported, by module. */
  readonly exports: Readonly<Record<string, readonly string[]>>;
};
