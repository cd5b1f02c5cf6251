import { fenced } from "./visible.ts";

/** What somebody typed, as the answer it stands for, or the file that holds it. */
export type TypedAnswer = { kind: "document"; text: string } | { kind: "file"; path: string };

/** Everything but these takes several lines and ends with a line of its own. */
export function isOneLine(line: string): boolean {
  return /^(?:skip|give up|opinion\b.*|file\s.*)$/i.test(line.trim());
}

/** Short forms of the terminal, and a bare diff, become the document that would be put into the outbox. */
export function typedAnswer(typed: string): TypedAnswer {
  const text = typed.trim();
  if (/^skip$/i.test(text)) return { kind: "document", text: "give up" };
  const opinion = /^opinion\b:?(.*)$/is.exec(text)?.[1];
  if (opinion !== undefined) return { kind: "document", text: `opinion: ${opinion.trim()}` };
  const path = /^file\s+(.+)$/i.exec(text)?.[1];
  if (path !== undefined) return { kind: "file", path };
  // Not trimmed: an empty line of context at a diff's end is one space.
  if (/^(?:diff --git |--- )/.test(text))
    return { kind: "document", text: fenced(typed.replace(/^\s*\n/, ""), "diff") };
  return { kind: "document", text: typed };
}
