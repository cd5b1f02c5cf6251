import { isRed } from "#domain";
import { type Explorer, passesOf } from "./explored.ts";

const testsMax = 5;
const messageMax = 300;

/** Only what went wrong, without the rest of the suite around it, with what it says of itself. */
export const runAlone: Explorer = async (look, { subjects }) => {
  const alone = subjects.slice(0, testsMax);
  const { digest, observation } = await look.run(look.subject.hunks, alone);
  const green = passesOf(observation, alone);
  const { report } = observation;
  const evidence = [digest];
  if (green.size === alone.length) {
    const finding = `${alone.length === 1 ? "passes" : "all pass"} without the rest of the suite: the outcome depends on what runs before`;
    return { conclusion: "explained", finding, subjects: alone, evidence };
  }
  const failures = [
    ...report.results.flatMap(({ outcome, failure }) => (isRed(outcome) && failure !== undefined ? [failure] : [])),
    ...report.collectionErrors,
  ];
  const [first] = failures;
  if (first === undefined) {
    return { conclusion: "nothing-new", finding: "run alone it gives no outcome", subjects: alone, evidence };
  }
  const frame = first.frames[0] ?? (first.file === undefined ? undefined : { file: first.file, line: first.line ?? 1 });
  const where = frame === undefined ? "" : ` at ${frame.file}:${frame.line}`;
  const message = first.message.split("\n", 1)[0]?.slice(0, messageMax) ?? "";
  const finding = `fails without the rest of the suite too: ${first.type}: ${message}${where}`;
  return { conclusion: "confirmed", finding, subjects: alone.filter((id) => !green.has(id)), evidence };
};
