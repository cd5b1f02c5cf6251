// Runs inside the sandbox, in the driver: what Gradle said about a build that failed. It never decides a test's outcome.
import { stripVTControlCharacters } from "node:util";
import { failure, projectPath } from "../../compiled/assets/job.mjs";

const errorsMax = 20;
const diagnostics = [
  /^(\/.*?\.(?:java|groovy)):(\d+): error: (.*)$/gm,
  /^e: (?:file:\/\/)?(\/.*?\.kts?):(?: \()?(\d+)[:,] ?\d+\)?:? (.*)$/gm,
];

/** The compilers' errors, else what stopped Gradle. */
export function buildFailures(printed) {
  const text = stripVTControlCharacters(printed);
  const found = new Map();
  for (const [line, path, number, message] of diagnostics.flatMap((each) => [...text.matchAll(each)])) {
    const file = projectPath(decoded(path));
    const testFile = file !== undefined && /(?:^|\/)src\/test\//.test(file) ? { testFile: file } : {};
    const place = file === undefined ? {} : { file, line: Number(number), ...testFile };
    // javac shows the line and a caret before it names the symbol.
    const after = text
      .slice(text.indexOf(line) + line.length)
      .split("\n", 4)
      .slice(1);
    const symbol = after.map((each) => /^ +symbol: +(.*)/.exec(each)?.[1]).find((each) => each !== undefined);
    const told = failure("BuildError", symbol === undefined ? message : `${message}: ${symbol}`, place);
    if (found.size < errorsMax) found.set(`${path}:${number}:${message}`, told);
  }
  if (found.size > 0) return [...found.values()];
  const wrong = [...text.matchAll(/^\* What went wrong:\n([\s\S]*?)\n\n?(?=\* )/gm)].map((match) => match[1].trim());
  return [
    failure("BuildError", wrong.slice(0, 5).join("\n") || text.trim().slice(-2000) || "Gradle failed and said nothing"),
  ];
}

function decoded(path) {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
