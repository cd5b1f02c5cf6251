import type { OracleStrength } from "@assay/sdk";
import { attemptName, type ChangeEvidence, FaultError, suiteLimits } from "#domain";
import type { Run } from "#engine";
import { type Mutant, mutantsOf } from "#oracle";
import { refuseUnobserved } from "../shared/observe.ts";
import { changedLines } from "./changed-lines.ts";
import { type Gathered, limitsOf } from "./gather.ts";
import type { Subject } from "./subject.ts";
import type { JudgeTools } from "./tools.ts";

const mutantsMax = 60;
/** Where each costs a run of the suite of its own. */
const coldMutantsMax = 20;
const mutantsMsMax = 3 * 60_000;
const survivorsMax = 100;

type Outcome = "killed" | "survived" | "timedOut" | "errored";
type Trial = { try(mutant: Mutant): Promise<Outcome>; warm: boolean } & AsyncDisposable;

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
    await using trial = await openTrial(run, tools, subject, tests, gathered);
    const sample = trial.warm ? mutants : mutants.slice(0, coldMutantsMax);
    for (const [index, mutant] of sample.entries()) {
      run.abort.throwIfAborted();
      if (performance.now() - started > mutantsMsMax) break;
      tools.progress({ kind: "counting", what: "faults tried", done: index, total: sample.length });
      const outcome = await trial.try(mutant);
      strength.tried += 1;
      strength[outcome] += 1;
      if (outcome === "killed") noticed.set(`${mutant.file}:${mutant.line}`, { file: mutant.file, line: mutant.line });
      if (outcome !== "survived" || strength.survivors.length >= survivorsMax) continue;
      const { file, line, operator, before, after } = mutant;
      strength.survivors.push({ file, line, operator, before, after });
    }
    return { ...strength, noticedAt: [...noticed.values()] };
  });
}

async function openTrial(
  run: Run,
  tools: JudgeTools,
  { head }: Subject,
  tests: readonly string[],
  gathered: Gathered,
): Promise<Trial> {
  const { snapshot, profile } = head;
  const runner = tools.runners[profile.runner];
  const { limits, testMsMax = 5_000 } = limitsOf(gathered);
  await using resources = new AsyncDisposableStack();
  const workspace = resources.use(await tools.workspaces.open(snapshot, attemptName(run.id, "judge", "mutants")));
  const warmLimits = { ...suiteLimits, wallMsMax: mutantsMsMax * 2 };
  const screen = await runner.screen?.({ profile, workspace, limits: warmLimits, testMsMax, signal: run.abort });
  if (screen !== undefined) {
    resources.use(screen);
    const kept = resources.move();
    let id = 0;
    return {
      warm: true,
      async try({ file, content }) {
        id += 1;
        try {
          const { kind } = await screen.try({ id, files: { [file]: content }, tests });
          return ({ passed: "survived", failed: "killed", "timed-out": "timedOut", broken: "errored" } as const)[kind];
        } catch (error) {
          if (error instanceof FaultError && error.fault.code === "sandbox-failed") return "errored";
          throw error;
        }
      },
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  }
  return {
    warm: false,
    async try({ file, content }) {
      await using mutated = await tools.workspaces.open(snapshot, attemptName(run.id, "judge", "mutant"));
      await mutated.apply([{ kind: "rewrite", path: file, content }]);
      const request = { profile, workspace: mutated, selection: [], limits, testMsMax, signal: run.abort };
      const { report, termination } = await runner.run(request);
      refuseUnobserved(termination);
      const outcomes = new Map(report.results.map(({ id, outcome }) => [id, outcome]));
      if (termination.kind === "timed-out") return "timedOut";
      return tests.every((id) => outcomes.get(id) === "passed") ? "survived" : "killed";
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
