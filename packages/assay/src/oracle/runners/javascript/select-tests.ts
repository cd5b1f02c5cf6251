/** What to run of one test file. */
export type FileSelection = {
  /** Project-relative. */
  path: string;
  /** Exact ids; absent: those that `prefixes` and `fragments` choose, or all. */
  ids?: string[];
  /** Ids of suites, or of tests with subtests. */
  prefixes: string[];
  /** Parts of ids. */
  fragments: string[];
  /** Against the names of a test and its ancestors, joined: they narrow what runs; the three above decide what counts. */
  patterns: string[];
};

const separator = " > ";
/** More patterns than these cost more than running the whole file. */
const patternsMax = 50;

/**
 * Splits selectors over the test files: ids of earlier reports, files, folders, `file > suite`; anything else is looked for in
 * the ids of all files. No selector: everything.
 */
export function selectTests(files: readonly string[], selectors: readonly string[]): FileSelection[] {
  if (selectors.length === 0) return files.map(wholeFile);
  const known = new Set(files);
  const chosen = new Map<string, FileSelection>();
  const whole = new Set<string>();
  const selection = (path: string) => {
    const found = chosen.get(path) ?? wholeFile(path);
    chosen.set(path, found);
    return found;
  };
  for (const selector of selectors) {
    const path = selector.split(separator, 1)[0] ?? "";
    const inFolder = files.filter((file) => file.startsWith(selector.endsWith("/") ? selector : `${selector}/`));
    if (path !== selector && looksLikeFile(path, known)) {
      const into = selection(path);
      into.ids = [...(into.ids ?? []), selector];
      into.prefixes.push(selector);
    } else if (looksLikeFile(selector, known)) {
      selection(selector);
      whole.add(selector);
    } else if (inFolder.length > 0) {
      for (const file of inFolder) {
        selection(file);
        whole.add(file);
      }
    } else for (const file of files) selection(file).fragments.push(selector);
  }
  return [...chosen.values()].map((each) => (whole.has(each.path) ? wholeFile(each.path) : withPatterns(each)));
}

function looksLikeFile(path: string, known: ReadonlySet<string>): boolean {
  // A file that is new in the workspace is in no list yet.
  return known.has(path) || /^[^\s].*\.(?:[cm]?[jt]s|[jt]sx)$/.test(path);
}

function wholeFile(path: string): FileSelection {
  return { path, prefixes: [], fragments: [], patterns: [] };
}

/** The runners match a pattern against the names of a test and its ancestors, joined by a space or, vitest since 5, by ` > `. */
const joint = "(?: > | )";

function withPatterns(selection: FileSelection): FileSelection {
  const { ids, path, fragments } = selection;
  if (ids === undefined || fragments.length > 0 || ids.length > patternsMax) return selection;
  const patterns = ids.map((id) => {
    const names = id
      .slice(path.length + separator.length)
      .replace(/ #\d+$/, "")
      .split(separator);
    return `^${names.map((name) => escaped(name)).join(joint)}$`;
  });
  return { ...selection, patterns: [...new Set(patterns)] };
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
