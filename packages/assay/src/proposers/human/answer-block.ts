import type { Edit } from "@assay/sdk";

export type ReadBlock =
  | { kind: "block"; edit: Edit /** What stands before it, trimmed. */; before: string }
  | { kind: "unusable"; problems: readonly string[] };

const [oldMark, middleMark, endMark] = ["<<<< old", "==== new", ">>>> end"];
const forms = "```diff, ```update PATH or ```new_content PATH";

/** Reads the one fenced block from `from` on; text may stand before it, none behind it. */
export function readBlock(lines: readonly string[], from: number): ReadBlock {
  const unusable = (problem: string): ReadBlock => ({ kind: "unusable", problems: [problem] });
  const opening = lines.findIndex((line, index) => index >= from && fenceOf(line) !== undefined);
  if (opening < 0) {
    return unusable(`there is neither a block that begins with ${forms}, nor "opinion: …", nor "give up"`);
  }
  const { fence, info } = fenceOf(lines[opening] ?? "") ?? { fence: "", info: "" };
  const closing = lines.findIndex((line, index) => index > opening && closes(line, fence));
  if (closing < 0) return unusable(`line ${opening + 1}: the block is not closed by ${fence}`);
  const after = lines.findIndex((line, index) => index > closing && line.trim() !== "");
  if (after >= 0) {
    return unusable(`line ${after + 1}: nothing may stand behind the block; a change of several places is one diff`);
  }
  const edit = editOf(info, lines.slice(opening + 1, closing), opening + 1);
  if (typeof edit === "string") return unusable(edit);
  return { kind: "block", edit, before: lines.slice(from, opening).join("\n").trim() };
}

function fenceOf(line: string): { fence: string; info: string } | undefined {
  const found = /^(`{3,}|~{3,})([^`]*)$/.exec(line);
  return found === null ? undefined : { fence: found[1] ?? "", info: (found[2] ?? "").trim() };
}

function closes(line: string, fence: string): boolean {
  const found = fenceOf(line);
  return found?.info === "" && found.fence[0] === fence[0] && found.fence.length >= fence.length;
}

/** The edit that a block's lines are; a complaint where they are none. */
function editOf(info: string, body: readonly string[], line: number): Edit | string {
  const [form = "", ...rest] = info.split(/\s+/);
  const path = info.slice(form.length).trim();
  switch (form) {
    case "diff":
    case "patch":
      if (!body.some((text) => text.startsWith("@@"))) return `line ${line}: the diff has no hunk (@@ … @@)`;
      return { kind: "diff", diff: `${body.join("\n")}\n` };
    case "update":
      return rest.length === 0 ? withoutPath(form, line) : updateOf(path, body, line);
    case "new_content":
      return rest.length === 0 ? withoutPath(form, line) : { kind: "rewrite", path, content: `${body.join("\n")}\n` };
    default:
      return `line ${line}: a block of ${form === "" ? "no kind" : `kind ${form}`}; it begins with ${forms}`;
  }
}

function withoutPath(form: string, line: number): string {
  return `line ${line}: ${form} names no file; write: ${form} PATH`;
}

function updateOf(path: string, body: readonly string[], line: number): Edit | string {
  const places = body.flatMap((text, index) => (text === middleMark ? [index] : []));
  const [middle] = places;
  if (body[0] !== oldMark || body.at(-1) !== endMark || middle === undefined || places.length > 1) {
    return `line ${line}: an update is ${oldMark}, the old lines, ${middleMark}, the new lines, ${endMark}, each mark once on a line of its own`;
  }
  const [before, after] = [body.slice(1, middle), body.slice(middle + 1, -1)];
  if (before.length === 0) return `line ${line}: an update needs old lines, which occur once in ${path}`;
  // Lines that are taken away take their line end with them.
  const end = after.length === 0 ? "\n" : "";
  return { kind: "update", path, oldStr: `${before.join("\n")}${end}`, newStr: after.join("\n") };
}
