const words = new Set([
  "by",
  "without",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "and",
  "or",
  "unless",
  "bool",
  "offset",
]);

/**
 * Names of metrics in a PromQL expression: identifiers that are neither functions, words of the language nor labels. A simple reading, not
 * a grammar: it takes label matchers, label lists, strings, durations and Grafana's variables away and looks at what is left.
 */
export function promqlNames(expression: string): string[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ");
  const names = [...bare.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\()\b(?!\s*\()/g)].map(([name]) => name);
  return [...new Set(names.filter((name) => !words.has(name) && !/^\d|^e$/.test(name)))];
}
