// Runs inside the sandbox, in the driver: what Maven said about a build that failed. It never decides a test's outcome.
import { stripVTControlCharacters } from "node:util";
import { failure, projectPath } from "../../compiled/assets/job.mjs";

const errorsMax = 20;
const advice = /^(?:->|\[Help|To see the full|Re-run Maven|For more information|After correcting)/;

/** The compiler's errors, else what stopped Maven. */
export function buildFailures(printed) {
  const text = stripVTControlCharacters(printed);
  const found = new Map();
  for (const [, path, line, message] of text.matchAll(/^\[ERROR\] (\/.*?\.(?:java|kt)):\[(\d+),\d+\] (.*)$/gm)) {
    const file = projectPath(path);
    const testFile = file !== undefined && /(?:^|\/)src\/test\//.test(file) ? { testFile: file } : {};
    const place = file === undefined ? {} : { file, line: Number(line), ...testFile };
    const symbol = new RegExp(`${message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\n\\[ERROR\\] +symbol: +(.*)`).exec(
      text,
    )?.[1];
    const told = failure("BuildError", symbol === undefined ? message : `${message}: ${symbol}`, place);
    if (found.size < errorsMax) found.set(`${path}:${line}:${message}`, told);
  }
  if (found.size > 0) return [...found.values()];
  const said = [...text.matchAll(/^\[ERROR\] (.+)$/gm)].map((match) => match[1]).filter((line) => !advice.test(line));
  return [
    failure("BuildError", said.slice(0, 5).join("\n") || text.trim().slice(-2000) || "Maven failed and said nothing"),
  ];
}
