import type { OracleStrength } from "@assay/sdk";
import type { ChangeEvidence } from "#domain";
import type { Run } from "#engine";
import { mutantsOf } from "#oracle";
import { MutantTrials } from "../shared/mutant-trials.ts";
import { changedLines } from "./changed-lines.ts";
import { type Gathered, limitsOf } from "./gather.ts";
import type { Subject } from "./subject.ts";
import type { JudgeTools } from "./tools.ts";

const mutantsMax = 60;
/** Where each costs a run of the suite of its own. */
const coldMutantsMax = 20;
const mutantsMsMax = 3 * 60_000;
const survivorsMax = 100;

/**
 * Puts small faults into the changed lines and sees how many the head's tests notice. It informs: a survivor is a fault that the
 * tests would not have noticed either, or one that is none.
 */
export async function measureStrength(
  run: Run,
  tools: JudgeTools,
  subject: Subject,
  evidence: ChangeEvidence,
  gathered: Gathered,
): Promise<OracleStrength> {
  const { head } = subject;
  const { possible, mutants } = mutantsOf(await changedLines(subject), mutantsMax);
  const none = { possible, tried: 0, killed: 0, survived: 0, timedOut: 0, errored: 0, survivors: [] };
  const turned = evidence.turned().map(({ id }) => id);
  const green = evidence.ids(evidence.head, "green");
  // Tests that the change is about are asked first: most faults end there.
  const tests = [...new Set([...turned, ...green])].filter((id) => green.includes(id));
  if (mutants.length === 0 || tests.length === 0) return none;
  return run.step("strength", { head: head.snapshot.digest, tests, mutants: mutants.length }, async () => {
    const strength: OracleStrength = { ...none, survivors: [] };
    const noticed = new Map<string, { file: string; line: number }>();
    const started = performance.now();
    const { limits, testMsMax = 5_000 } = limitsOf(gathered);
    await using trials = await MutantTrials.open({
      workspaces: tools.workspaces,
      runner: tools.runners[head.profile.runner],
      snapshot: head.snapshot,
      profile: head.profile,
      run: run.id,
      task: "mutants",
      limits,
      testMsMax,
      signal: run.abort,
    });
    const sample = trials.warm ? mutants : mutants.slice(0, coldMutantsMax);
    for await (const { mutant, outcome } of trials.try(sample, () => tests)) {
      strength.tried += 1;
      tools.progress({ kind: "counting", what: "faults tried", done: strength.tried, total: sample.length });
      strength[outcome] += 1;
      if (outcome === "killed") noticed.set(`${mutant.file}:${mutant.line}`, { file: mutant.file, line: mutant.line });
      if (outcome === "survived" && strength.survivors.length < survivorsMax) {
        const { file, line, operator, before, after } = mutant;
        strength.survivors.push({ file, line, operator, before, after });
      }
      if (performance.now() - started > mutantsMsMax) break;
    }
    return { ...strength, noticedAt: [...noticed.values()] };
  });
}
