/** Of objects and lists within each other: deeper than any goal or answer of ours, and far from the end of the stack of what reads them. */
const levelsMax = 64;

/** Why a value that JSON gave has no canonical form (RFC 8785), or may not be read by what recurses; `undefined`: it is sound. */
export function illFormed(value: unknown): string | undefined {
  const open: { value: unknown; level: number }[] = [{ value, level: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: each, level } = next;
    if (typeof each === "string" && !each.isWellFormed()) return loneSurrogate;
    if (typeof each === "number" && !Number.isFinite(each)) return "holds a number that is too large";
    if (typeof each !== "object" || each === null) continue;
    if (level > levelsMax) return `is nested deeper than ${levelsMax} levels`;
    for (const [key, inner] of Object.entries(each)) {
      if (!key.isWellFormed()) return loneSurrogate;
      open.push({ value: inner, level: level + 1 });
    }
  }
  return undefined;
}

const loneSurrogate = "holds half of a character (a lone surrogate)";
