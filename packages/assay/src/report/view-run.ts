import type { Digest, Observation, RunEvent } from "@assay/sdk";
import { compareTests } from "./compare-tests.ts";
import type { CandidateView, ProposerView, ReceiptFacts, RunView, SuiteView } from "./run-view.ts";
import { findSuspects } from "./suspects.ts";
import { decisiveRuns, viewChange } from "./view-change.ts";
import { viewDecisions } from "./view-decisions.ts";

/** What the events only refer to. */
export type ViewSources = {
  /** By digest; what is missing is shown as not known. See `loadObservations`. */
  observations: ReadonlyMap<Digest, Observation>;
  receipt?: ReceiptFacts;
};

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

/** Projects a run's events, finished or not, to what a person sees. Pure; the same events give the same view. */
export function viewRun(events: readonly RunEvent[], sources: ViewSources): RunView {
  const all = <Type extends RunEvent["type"]>(type: Type) =>
    events.filter((event): event is EventOf<Type> => event.type === type);
  const started = all("run-started")[0];
  const result = all("result").at(-1);
  const project = all("project-detected").at(-1);
  const startedAt = events[0]?.at ?? 0;
  const endedAt = result?.at ?? events.at(-1)?.at ?? startedAt;
  const outcome = result?.outcome ?? interruptedOutcome(events);
  const candidates = viewCandidates(events);
  const best = candidates.findLast(({ patch }) => patch === result?.patch?.digest) ?? bestOf(candidates);
  const flakes = [...new Set(all("flakes-quarantined").flatMap(({ tests }) => tests))].sort();
  const failures = all("failures-classified").at(-1)?.failures ?? [];
  const runs = decisiveRuns(
    all("evidence-recorded").map(({ evidence }) => evidence),
    best?.evidence ?? [],
    sources.observations,
  );
  const [baseline, after] = [suiteOf(runs.before, sources), suiteOf(runs.after, sources)];
  const change = viewChange(events, sources.observations);
  const isolation = weakestIsolation([...sources.observations.values()]);
  const base = result?.base ?? baseline?.observation.base;
  return {
    runId: started?.runId ?? events[0]?.runId ?? "",
    assayVersion: started?.assayVersion ?? "",
    workflow: started?.workflow ?? "",
    ...(started === undefined ? {} : { goal: started.goal }),
    startedAt,
    durationMs: result?.durationMs ?? Math.max(0, endedAt - startedAt),
    outcome,
    summary: result?.summary ?? "The run has not finished.",
    ...faultOf(result?.fault ?? all("run-paused").at(-1)?.fault),
    applied: result?.applied ?? false,
    ...(project === undefined
      ? {}
      : { project: { language: project.language, runner: project.runner, details: project.details } }),
    ...(base === undefined ? {} : { base }),
    ...(baseline === undefined ? {} : { baseline }),
    baselineRuns: all("evidence-recorded").flatMap(({ candidate, evidence }) =>
      candidate === undefined ? [evidence] : [],
    ),
    ...(after === undefined ? {} : { after }),
    tests: compareTests(baseline?.observation, after?.observation, flakes),
    failures,
    flakes,
    proposers: viewProposers(all("candidates-tried")),
    candidates,
    ...(best === undefined ? {} : { best }),
    ...(result?.ambiguity === undefined ? {} : { ambiguity: result.ambiguity }),
    ...(change === undefined ? {} : { change }),
    suspects: outcome === "accepted" || outcome === "ambiguous" ? [] : findSuspects(events, failures),
    steps: all("step-finished").map(({ key, at, durationMs }) => ({
      key,
      startMs: Math.max(0, at - durationMs - startedAt),
      durationMs,
    })),
    leases: all("lease-claimed").length,
    ...(isolation === undefined ? {} : { isolation }),
    spent: sumSpending(all("budget-settled")),
    artifacts: lastOfEach(all("artifact-written")),
    ...(sources.receipt === undefined ? {} : { receipt: sources.receipt }),
    unexpected: all("violation-found").map((violation) => ({
      violation,
      explorations: all("violation-explored").filter((explored) => explored.violation === violation.id),
    })),
    asked: all("model-asked").map((call) => ({
      model: call.model,
      prompt: call.prompt,
      outcome: call.outcome,
      tokens: call.inputTokens + call.outputTokens,
      costMicroUsd: call.costMicroUsd,
      estimated: call.estimated,
      durationMs: call.wallMs,
    })),
    decisions: viewDecisions(events),
    notes: all("note").map(({ level, message }) => ({ level, message })),
  };
}

function interruptedOutcome(events: readonly RunEvent[]): RunView["outcome"] {
  const last = events.findLast(
    ({ type }) => type === "run-paused" || type === "run-cancelled" || type === "lease-claimed",
  );
  if (last?.type === "run-paused") return "paused";
  return last?.type === "run-cancelled" ? "cancelled" : "running";
}

function viewCandidates(events: readonly RunEvent[]): CandidateView[] {
  const candidates = new Map<string, CandidateView & { evidence: CandidateView["evidence"][number][] }>();
  for (const event of events) {
    if (event.type === "candidate-proposed") {
      const { candidate: id, diff, patch, provenance } = event;
      candidates.set(id, { id, diff, patch, provenance, evidence: [] });
    } else if (event.type === "evidence-recorded" && event.candidate !== undefined) {
      candidates.get(event.candidate)?.evidence.push(event.evidence);
    } else if (event.type === "verdict-reached") {
      const candidate = candidates.get(event.candidate);
      if (candidate !== undefined) candidate.verdict = event.verdict;
    }
  }
  return [...candidates.values()];
}

const standing = { accepted: 3, inconclusive: 2, rejected: 1 };

/** The last of those with the best verdict: a later one was made knowing more, or is the earlier one minimised. */
function bestOf(candidates: readonly CandidateView[]): CandidateView | undefined {
  const rank = ({ verdict }: CandidateView): number => (verdict === undefined ? 0 : standing[verdict.kind]);
  return candidates.reduce<CandidateView | undefined>(
    (best, one) => (best === undefined || rank(one) >= rank(best) ? one : best),
    undefined,
  );
}

function suiteOf(digest: Digest | undefined, { observations }: ViewSources): SuiteView | undefined {
  const observation = digest === undefined ? undefined : observations.get(digest);
  if (observation === undefined) return undefined;
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0, "timed-out": 0, "not-run": 0 };
  for (const { outcome } of observation.report.results) counts[outcome]++;
  return { observation, counts, collected: observation.report.collected.length };
}

function viewProposers(events: readonly EventOf<"candidates-tried">[]): ProposerView[] {
  const proposers = new Map<string, ProposerView>();
  for (const { proposer, tried, plausible, durationMs } of events) {
    const sum = proposers.get(proposer) ?? { proposer, tried: 0, plausible: 0, durationMs: 0, attempts: 0 };
    sum.tried += tried;
    sum.plausible += plausible;
    sum.durationMs += durationMs;
    sum.attempts++;
    proposers.set(proposer, sum);
  }
  return [...proposers.values()];
}

/** One execution without a sandbox is what a reader must hear about, however many had one. */
function weakestIsolation(observations: readonly Observation[]): RunView["isolation"] {
  const isolations = observations.map(({ isolation }) => isolation);
  return (
    isolations.find(({ kind }) => kind === "none") ??
    isolations.find(({ network }) => network === "host") ??
    isolations[0]
  );
}

function sumSpending(events: readonly EventOf<"budget-settled">[]): Record<string, number> {
  const sum = new Map<string, number>();
  for (const { spent } of events)
    for (const [name, value] of Object.entries(spent)) sum.set(name, (sum.get(name) ?? 0) + value);
  return Object.fromEntries(sum);
}

function lastOfEach(events: readonly EventOf<"artifact-written">[]): RunView["artifacts"] {
  return [...new Map(events.map(({ kind, path, digest }) => [path, { kind, path, digest }])).values()];
}

function faultOf(fault: RunView["fault"]): Pick<RunView, "fault"> {
  return fault === undefined ? {} : { fault };
}
