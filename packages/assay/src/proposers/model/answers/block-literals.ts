/** A YAML text whose literal block scalars were taken out; each left a quoted stand-in, and is found by it. */
export type WithoutLiterals = { skeleton: string; literals: ReadonlyMap<string, string> };

type Header = { before: string; indent: number; given: number | undefined; chomping: string };

/**
 * Takes the literal block scalars (`key: |`) out of a YAML text, by YAML's own rules for their indentation and end. They are all that
 * is long in an answer, and what is left can be bounded. Looks at each line once.
 */
export function takeLiterals(lines: readonly string[]): WithoutLiterals {
  const literals = new Map<string, string>();
  const skeleton: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    at += 1;
    const header = headerOf(line);
    if (header === undefined) {
      skeleton.push(line);
      continue;
    }
    const body: string[] = [];
    for (; at < lines.length; at += 1) {
      const next = lines[at] ?? "";
      if (next.trim() !== "" && indentOf(next) <= header.indent) break;
      body.push(next);
    }
    const name = `literal ${literals.size}`;
    literals.set(name, literalOf(body, header));
    skeleton.push(`${header.before} "${name}"`);
  }
  return { skeleton: skeleton.join("\n"), literals };
}

function headerOf(line: string): Header | undefined {
  // A key of an answer, and the header behind it, are short.
  if (line.length > 80) return undefined;
  const match = /^( *)([a-z_]+):[ \t]+\|([1-9])?([+-])?([1-9])?[ \t]*$/.exec(line);
  if (match === null) return undefined;
  const [, blanks = "", key = "", first, chomping = "", second] = match;
  const given = first ?? second;
  return {
    before: `${blanks}${key}:`,
    indent: blanks.length,
    given: given === undefined ? undefined : Number(given),
    chomping,
  };
}

function literalOf(body: readonly string[], { indent, given, chomping }: Header): string {
  const first = body.find((line) => line.trim() !== "");
  const width = given !== undefined ? indent + given : first === undefined ? indent + 1 : indentOf(first);
  // A line of blanks alone keeps those beyond the indentation.
  const lines = body.map((line) => line.slice(Math.min(width, indentOf(line))));
  let end = lines.length;
  while (end > 0 && lines[end - 1] === "") end -= 1;
  if (chomping === "+") return lines.map((line) => `${line}\n`).join("");
  const text = lines.slice(0, end).join("\n");
  return chomping === "-" || end === 0 ? text : `${text}\n`;
}

function indentOf(line: string): number {
  let count = 0;
  while (line[count] === " ") count += 1;
  return count;
}
