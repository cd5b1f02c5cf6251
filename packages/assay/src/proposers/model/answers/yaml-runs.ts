/**
 * Stretches of lines that may be an answer in YAML without a fence: from a line with one of the keys to the
 * last line that is such a line, indented, or blank. Looks at each line once.
 */
export function yamlRuns(lines: readonly string[], keys: ReadonlySet<string>): string[] {
  const runs: string[] = [];
  let run: string[] | undefined;
  for (const line of lines) {
    const belongs = hasKey(line, keys) || (run !== undefined && (line === "" || line[0] === " " || line[0] === "\t"));
    if (belongs) {
      run ??= [];
      run.push(line);
    } else if (run !== undefined) {
      runs.push(`${run.join("\n")}\n`);
      run = undefined;
    }
  }
  if (run !== undefined) runs.push(`${run.join("\n")}\n`);
  return runs;
}

function hasKey(line: string, keys: ReadonlySet<string>): boolean {
  // No key is longer than twenty letters.
  const colon = line.slice(0, 24).indexOf(":");
  return colon > 0 && keys.has(line.slice(0, colon).trimEnd());
}
