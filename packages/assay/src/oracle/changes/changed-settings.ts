/** Of a package's manifest, what says something about it and decides nothing. */
const descriptive = new Set([
  "author",
  "bugs",
  "contributors",
  "description",
  "funding",
  "homepage",
  "keywords",
  "license",
  "repository",
  "version",
]);

/** Which settings of a JSON configuration differ, by name; empty: none that decides anything; `undefined`: it cannot be told. */
export function changedSettings(path: string, before?: string, after?: string): string | undefined {
  if (!path.endsWith("package.json")) return undefined;
  const [was, is] = [settingsOf(before), settingsOf(after)];
  if (was === undefined || is === undefined) return undefined;
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return names
    .filter((name) => !descriptive.has(name) && JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .sort()
    .join(", ");
}

function settingsOf(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
