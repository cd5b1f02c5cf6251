import { type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";

/** An assertion, and how much it says: 3 an exact value, 2 a part, an order or a tolerance, 1 that there is something. */
export type Assertion = { text: string; line: number; strength: 1 | 2 | 3; tolerance?: string };

const exact =
  /\b(?:assertEqual|assertIs|assertDictEqual|assertListEqual|assertSetEqual|assertTupleEqual|assertCountEqual|assertMultiLineEqual|toBe|toEqual|toStrictEqual|toMatchObject|toHaveBeenCalledWith|strictEqual|deepEqual|deepStrictEqual|equal)\b|[^=!<>]==[^=]|===|\bis\b(?!\s+not)/;
const partial =
  /\b(?:approx|assertAlmostEqual|assertIn|assertRegex|assertGreater\w*|assertLess\w*|assertRaises\w*|raises|toBeCloseTo|toContain\w*|toMatch\w*|toHave\w*|toBeGreater\w*|toBeLess\w*|toThrow\w*|throws|rejects|match|isclose|isinstance|toBeInstanceOf)\b|[<>]=?|\bin\b/;
const tolerances = /\b(?:abs|rel|abs_tol|rel_tol|delta|places)\s*=\s*[\w.+-]+|toBeCloseTo\([^()]*,\s*[\w.]+\)/g;
const assertingCall =
  /^(?:await\s+)?(?:assert\b|expect\s*\(|self\.assert|self\.fail|pytest\.raises|t\.assert|t\.(?:is|equal|deepEqual|throws|ok)\b)/;

/** The assertions of one test, in order. */
export function assertionsIn(tree: SyntaxTree, node: SyntaxNode): Assertion[] {
  const found: Assertion[] = [];
  let end = -1;
  for (const inner of walk(node)) {
    // Of `expect(x).toBe(1)` the whole chain is the assertion, not its parts.
    if (inner.start < end || !["assert_statement", "call", "call_expression"].includes(inner.kind)) continue;
    const text = textOf(tree, inner);
    if (inner.kind !== "assert_statement" && !assertingCall.test(text)) continue;
    end = inner.end;
    const tolerance = text.match(tolerances)?.join(" ");
    found.push({ text, line: inner.line, strength: strengthOf(text), ...(tolerance !== undefined && { tolerance }) });
  }
  return found;
}

function strengthOf(text: string): Assertion["strength"] {
  // Expected errors with a type or a message say more than that there was one.
  if (/\b(?:raises|assertRaises|toThrow|throws|rejects)\b/.test(text)) {
    return /\(\s*\)$|\((?:Base)?Exception\s*\)|\(Error\s*\)$/.test(text) ? 1 : 2;
  }
  if (/\bapprox\b|toBeCloseTo|AlmostEqual|isclose/.test(text)) return 2;
  if (/\b(?:not|assertNot\w*|notEqual|isNot\w*)\b|!==?|!=/.test(text)) return 1;
  if (exact.test(text)) return 3;
  return partial.test(text) ? 2 : 1;
}

export type Weakening = { line: number; what: string };

/** What a test asserts less than it did; by the form of its assertions, so it informs and does not prove. */
export function weakenings(before: readonly Assertion[], after: readonly Assertion[]): Weakening[] {
  const kept = new Set(after.map(({ text }) => text));
  const known = new Set(before.map(({ text }) => text));
  const gone = before.filter(({ text }) => !kept.has(text));
  const come = after.filter(({ text }) => !known.has(text));
  const found: Weakening[] = [];
  const place = come[0]?.line ?? after[0]?.line ?? before[0]?.line ?? 1;
  if (after.length < before.length) {
    found.push({ line: place, what: `asserts ${after.length} things instead of ${before.length}` });
  }
  for (const [index, now] of come.entries()) {
    const was = gone[index];
    if (was === undefined) continue;
    const from = `\`${short(was.text)}\` became \`${short(now.text)}\``;
    if (now.strength < was.strength) found.push({ line: now.line, what: `a looser assertion: ${from}` });
    else if (now.tolerance !== was.tolerance) found.push({ line: now.line, what: `another tolerance: ${from}` });
  }
  return found;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
