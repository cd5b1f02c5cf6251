const tokenPattern = /(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\&|;])+|&&|\|\||[&|;]/g;
const charactersMax = 4096;
const separators = new Set(["&&", "||", "&", "|", ";"]);

/**
 * The words of each command of a package script, in order: quotes removed, nothing expanded, nothing executed.
 * Only what package scripts commonly hold is understood; substitutions stay as they are written.
 */
export function shellCommands(script: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token] of script.slice(0, charactersMax).matchAll(tokenPattern)) {
    if (separators.has(token)) commands.push([]);
    else commands.at(-1)?.push(unquoted(token));
  }
  return commands.filter((words) => words.length > 0);
}

function unquoted(token: string): string {
  return token.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replace(/\\(["\\$`])/g, "$1") ?? single ?? escaped ?? "",
  );
}
