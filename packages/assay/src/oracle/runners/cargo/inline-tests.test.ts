import { expect, test } from "vitest";
import { inlineTests } from "./inline-tests.ts";

const source = `pub fn add(a: i32) -> [i32; 2] { [a; 2] } // #[test] not here
const S: &str = "#[test] fn no() {}";

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn adds() { assert_eq!(add('}' as i32), [125; 2]); }
}

#[test]
#[ignore]
fn alone() { let _ = [1; 2]; }

#[cfg(test)]
mod elsewhere;
pub fn after() {}
`;

test("finds the items that are there for tests alone", () => {
  const found = inlineTests(source);
  expect(found).toHaveLength(3);
  expect(found[0]).toMatch(/^#\[cfg\(test\)\][\s\S]*adds[\s\S]*\}\n\}$/);
  expect(found[1]).toBe("#[test]\n#[ignore]\nfn alone() { let _ = [1; 2]; }");
  expect(found[2]).toBe("#[cfg(test)]\nmod elsewhere;");
});

test("sees no difference where only other code changed", () => {
  expect(inlineTests(source.replace("[a; 2]", "[a + 1; 2]"))).toEqual(inlineTests(source));
});

test("sees a changed test, a removed one and a new one", () => {
  expect(inlineTests(source.replace("125", "126"))).not.toEqual(inlineTests(source));
  expect(inlineTests(source.replace("#[test]\n#[ignore]", ""))).not.toEqual(inlineTests(source));
  expect(inlineTests(`${source}#[test] fn more() {}`)).not.toEqual(inlineTests(source));
});
