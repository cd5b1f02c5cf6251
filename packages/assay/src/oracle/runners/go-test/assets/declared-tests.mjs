// Runs inside the sandbox, in the driver, before any code of the project does: which tests a package's files declare.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const declaration =
  /^func +(?:(Test(?!Main\()[^a-z(\s][^(\s]*|Test)\(\s*\w+ +\*(?:\w+\.)?T\s*\)|(Fuzz(?:[^a-z(\s][^(\s]*)?)\(\s*\w+ +\*(?:\w+\.)?F\s*\)|(Example(?:[^a-z(\s][^(\s]*)?)\(\s*\))/gm;
const output = /^\s*\/\/\s*(?:unordered )?output:/im;

/** Name of each test of `go test` by the file that declares it. An example counts when it says what it prints. */
export function declaredTests(folder, files) {
  const tests = new Map();
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    const code = blankOut(text);
    for (const match of code.matchAll(declaration)) {
      const [, test, fuzz, example] = match;
      const end = code.indexOf("\n}", match.index);
      const body = text.slice(match.index, end === -1 ? text.length : end);
      if (example === undefined || output.test(body)) tests.set(test ?? fuzz ?? example, file);
    }
  }
  return tests;
}

/** The text with comments and string contents as blanks, line ends kept. */
function blankOut(text) {
  const parts = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`[^`]*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return text.replace(parts, (part) => part.replace(/[^\n]/g, " "));
}
