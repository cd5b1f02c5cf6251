import type { Digest } from "@assay/sdk";
import { type Explorer, passesOf } from "./explored.ts";

const runsMax = 3;

/** The same again in fresh sandboxes: what comes out differently comes and goes by itself. */
export const rerun: Explorer = async (look, { subjects }) => {
  const { hunks } = look.subject;
  const evidence: Digest[] = [];
  const passes: { ended: boolean; green: Set<string> }[] = [];
  for (let n = 0; n < runsMax; n += 1) {
    const { digest, observation } = await look.run(hunks, []);
    evidence.push(digest);
    const ended = observation.termination.kind === "exited";
    const green = passesOf(observation, subjects);
    passes.push({ ended, green });
  }
  const ended = passes.filter((one) => one.ended).length;
  if (subjects.length === 0) {
    const finding =
      ended === 0
        ? `none of ${runsMax} further runs came to its end`
        : `${ended} of ${runsMax} further runs came to their end`;
    return { conclusion: ended === 0 ? "confirmed" : "flaky", finding, subjects: [], evidence };
  }
  const always = subjects.filter((id) => passes.every(({ green }) => green.has(id)));
  const never = subjects.filter((id) => passes.every(({ green }) => !green.has(id)));
  const mixed = subjects.filter((id) => !always.includes(id) && !never.includes(id));
  if (never.length === subjects.length) {
    return { conclusion: "confirmed", finding: `none passed in ${runsMax} further runs`, subjects: never, evidence };
  }
  const told = [
    ...(mixed.length > 0 ? [`${mixed.length} passed and failed`] : []),
    ...(always.length > 0 ? [`${always.length} passed each time`] : []),
    ...(never.length > 0 ? [`${never.length} failed each time`] : []),
  ];
  const finding = `in ${runsMax} further runs of the same code ${told.join(", ")}`;
  return { conclusion: "flaky", finding, subjects: [...mixed, ...always], evidence };
};
