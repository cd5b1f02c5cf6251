import { compareEnvironments } from "#domain";
import { type Explorer, passesOf } from "./explored.ts";

/** What else was different between a run that was as expected and one that was not. Runs nothing. */
export const diffEnvironments: Explorer = async ({ subject }, { subjects }) => {
  const isGood = (one: (typeof subject.cited)[number]) =>
    one.observation.termination.kind === "exited" && passesOf(one.observation, subjects).size === subjects.length;
  const good = subject.cited.find(isGood);
  const bad = subject.cited.find((one) => !isGood(one));
  if (good === undefined || bad === undefined) {
    return {
      conclusion: "nothing-new",
      finding: "no run was as expected, to compare with",
      subjects: [],
      evidence: [],
    };
  }
  const differences = compareEnvironments(good.observation, bad.observation);
  const evidence = [good.digest, bad.digest];
  return differences.length === 0
    ? { conclusion: "nothing-new", finding: "both runs were made under the same conditions", subjects: [], evidence }
    : { conclusion: "explained", finding: `the runs differ in ${differences.join("; ")}`, subjects: [], evidence };
};
