import { type Hunk, type HunkLine, newLines, oldLines } from "#syntax";

/**
 * Takes a hunk apart into its blocks of neighbouring changed lines. The unchanged lines between two of them are shared out, none
 * is in both: any of the blocks can be applied together. One that would be left without a line to find its place by stays with
 * the block before it.
 */
export function splitBlocks(hunk: Hunk): Hunk[] {
  const pieces = alternate(hunk.lines);
  const blocks: HunkLine[][] = [];
  for (const [index, piece] of pieces.entries()) {
    const last = blocks.at(-1);
    if (piece[0]?.kind !== " ") {
      if (last === undefined || last.some(({ kind }) => kind !== " ")) blocks.push(piece);
      else last.push(...piece);
    } else if (last === undefined || index === pieces.length - 1) {
      if (last === undefined) blocks.push([...piece]);
      else last.push(...piece);
    } else {
      const half = Math.ceil(piece.length / 2);
      last.push(...piece.slice(0, half));
      blocks.push(piece.slice(half));
    }
  }
  const placed: HunkLine[][] = [];
  for (const block of blocks) {
    const isPlaced = block.some(({ kind }) => kind !== "+");
    if (isPlaced || placed.length === 0) placed.push(block);
    else placed.at(-1)?.push(...block);
  }
  return numbered(placed, hunk);
}

/** Runs of changed and of unchanged lines, in turns. */
function alternate(lines: readonly HunkLine[]): HunkLine[][] {
  const pieces: HunkLine[][] = [];
  for (const line of lines) {
    const last = pieces.at(-1);
    if (last !== undefined && (last[0]?.kind === " ") === (line.kind === " ")) last.push(line);
    else pieces.push([line]);
  }
  return pieces;
}

/** An empty side is numbered by the line before it. */
function numbered(blocks: readonly HunkLine[][], whole: Hunk): Hunk[] {
  let oldNext = oldLines(whole).length === 0 ? whole.oldStart + 1 : whole.oldStart;
  let newNext = newLines(whole).length === 0 ? whole.newStart + 1 : whole.newStart;
  return blocks.map((lines) => {
    const [before, after] = [oldLines({ ...whole, lines }).length, newLines({ ...whole, lines }).length];
    const block = {
      oldStart: before === 0 ? oldNext - 1 : oldNext,
      newStart: after === 0 ? newNext - 1 : newNext,
      lines,
    };
    oldNext += before;
    newNext += after;
    return block;
  });
}
