import type { Observation } from "@assay/sdk";

/** Two runs whose durations differ by less say nothing by that. */
const slowerFactor = 2;

/** What was recorded of two runs apart from their outcomes, and differs: a sentence each. Pure. */
export function compareEnvironments(a: Observation, b: Observation): string[] {
  const differences: string[] = [];
  const compare = (what: string, left: unknown, right: unknown) => {
    if (left !== right) differences.push(`${what}: ${String(left ?? "none")} and ${String(right ?? "none")}`);
  };
  const [inA, inB] = [a.isolation, b.isolation];
  compare("isolation", inA.kind, inB.kind);
  compare("version of the isolation", inA.version, inB.version);
  compare("user", inA.uid, inB.uid);
  compare("network", inA.network, inB.network);
  compare("memory limit kept by", inA.memory, inB.memory);
  compare("process limit kept by", inA.processes, inB.processes);
  compare("copy of the files by", inA.workspace, inB.workspace);
  compare("runner's version", a.report.runnerVersion, b.report.runnerVersion);
  compare("level", a.level, b.level);
  compare("altered copies among the tests", a.controls?.length ?? 0, b.controls?.length ?? 0);
  compare("tests collected", a.report.collected.length, b.report.collected.length);
  compare("files of the tests written", (a.rewritten ?? []).join(" "), (b.rewritten ?? []).join(" "));
  compare("end", endOf(a), endOf(b));
  const [shorter, longer] = [a.durationMs, b.durationMs].sort((x, y) => x - y);
  if (shorter !== undefined && longer !== undefined && longer > shorter * slowerFactor) {
    differences.push(`time: ${Math.round(a.durationMs)} ms and ${Math.round(b.durationMs)} ms`);
  }
  return differences;
}

function endOf({ termination }: Observation): string {
  return termination.kind === "exited" ? `exit code ${termination.code}` : termination.kind;
}
