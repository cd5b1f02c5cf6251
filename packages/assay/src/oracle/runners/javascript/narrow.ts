import type { FileSelection } from "./select-tests.ts";

/** What a runner with one list of files and one pattern for all of them can be told. */
export type NarrowedRun = {
  selection: readonly FileSelection[];
  /** Empty: all files. */
  filters: readonly string[];
  pattern?: string;
};

/** Files by name and tests by pattern narrow what runs; which results count is decided by the selection. */
export function narrow(selection: readonly FileSelection[]): NarrowedRun {
  const everywhere = selection.some(({ fragments }) => fragments.length > 0);
  const whole = everywhere || selection.length === 0 || selection.some(({ patterns }) => patterns.length === 0);
  const patterns = new Set(selection.flatMap((each) => each.patterns));
  return {
    selection,
    filters: everywhere ? [] : selection.map(({ path }) => path),
    ...(whole ? {} : { pattern: [...patterns].join("|") }),
  };
}
