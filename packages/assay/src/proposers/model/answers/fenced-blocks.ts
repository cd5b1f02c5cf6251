/** Text between two fences of a Markdown text. */
export type FencedBlock = {
  /** What stands behind the opening fence, e.g. `python`. */
  info: string;
  text: string;
  /** The closing fence is there. */
  closed: boolean;
};

type Fence = { indent: number; sign: string; length: number; info: string };

/**
 * The fenced blocks of a text, in order; looks at each line once. A fence that stands further in than the one that
 * opened is text of the block: in a YAML block scalar it belongs to the content.
 */
export function fencedBlocks(lines: readonly string[]): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: { fence: Fence; body: string[] } | undefined;
  for (const line of lines) {
    const fence = fenceIn(line);
    if (open === undefined) {
      if (fence !== undefined) open = { fence, body: [] };
    } else if (fence !== undefined && closes(fence, open.fence)) {
      blocks.push(blockOf(open.fence, open.body, true));
      open = undefined;
    } else open.body.push(line);
  }
  if (open !== undefined) blocks.push(blockOf(open.fence, open.body, false));
  return blocks;
}

function fenceIn(line: string): Fence | undefined {
  const text = line.trim();
  const sign = text[0] ?? "";
  if (sign !== "`" && sign !== "~") return undefined;
  let length = 0;
  while (text[length] === sign) length += 1;
  const info = text.slice(length).trim();
  if (length < 3 || info.includes("`")) return undefined;
  return { indent: line.length - line.trimStart().length, sign, length, info };
}

function closes(fence: Fence, open: Fence): boolean {
  return fence.sign === open.sign && fence.length >= open.length && fence.info === "" && fence.indent <= open.indent;
}

function blockOf({ info, indent }: Fence, body: readonly string[], closed: boolean): FencedBlock {
  const lines = indent === 0 ? body : body.map((line) => line.slice(Math.min(indent, blanksBefore(line))));
  return { info, text: lines.map((line) => `${line}\n`).join(""), closed };
}

function blanksBefore(line: string): number {
  return line.length - line.trimStart().length;
}
