/** Lines that stand for others. */
export function leftOut(count: number, what = "line"): string {
  return `… ${count} ${what}${count === 1 ? "" : "s"} left out`;
}

/** The first two thirds and the last third of what may be kept, and how many lines are missing between. */
export function cutMiddle(lines: readonly string[], kept: number): string[] {
  if (lines.length <= kept) return [...lines];
  const head = Math.ceil((kept * 2) / 3);
  const tail = kept - head;
  return [...lines.slice(0, head), leftOut(lines.length - kept), ...lines.slice(lines.length - tail)];
}

/** A text whole, then cut to half of its lines again and again, down to `least`. */
export function shorterForms(lines: readonly string[], least = 6): string[][] {
  const forms = [[...lines]];
  for (let kept = Math.floor(lines.length / 2); kept >= least; kept = Math.floor(kept / 2))
    forms.push(cutMiddle(lines, kept));
  return forms;
}
