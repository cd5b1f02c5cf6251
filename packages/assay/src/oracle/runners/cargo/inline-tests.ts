const comments = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[^\n]{1,8}|[^'\\\n])'/g;
const attribute =
  /#\s*!?\[\s*(?:cfg\s*\(\s*(?:test|all\s*\(\s*test\b)|cfg_attr\s*\(\s*test\b|(?:\w+\s*::\s*)*test\b|rstest|test_case)/g;

/**
 * The items of a Rust source file that are there for tests alone (`#[cfg(test)]`, `#[test]`), as text, in their order. What
 * a macro makes of them is not seen.
 */
export function inlineTests(text: string): string[] {
  const code = text.replace(comments, (part) => part.replace(/[^\n]/g, " "));
  const found: string[] = [];
  let end = 0;
  for (const { index } of code.matchAll(attribute)) {
    if (index < end) continue;
    end = endOfItem(code, index);
    found.push(text.slice(index, end));
  }
  return found;
}

/** Behind the item's braces, or its semicolon where it has none; attributes have brackets of their own. */
function endOfItem(code: string, start: number): number {
  let depth = 0;
  let brackets = 0;
  for (let index = start; index < code.length; index++) {
    const character = code[index];
    if (character === "[" || character === "(") brackets += 1;
    else if (character === "]" || character === ")") brackets -= 1;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth <= 0) return index + 1;
    } else if (character === ";" && depth === 0 && brackets === 0) return index + 1;
  }
  return code.length;
}
