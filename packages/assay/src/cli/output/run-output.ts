import { relative } from "node:path";
import type { Result, RunEvent } from "@assay/sdk";
import { describeProgress, shownEvent } from "#app";
import { formatCount, formatDuration, plural, sanitizeLine } from "#report";
import type { Progress } from "#workflows";
import { eventLines } from "./event-lines.ts";
import { formatMoney } from "./format.ts";
import { writeEvent, writeResult } from "./json.ts";
import { StatusLine } from "./status-line.ts";
import { styler } from "./style.ts";

/** What a command that drives a run shows: events as they are recorded, progress in between, the result last. */
export interface RunOutput extends Disposable {
  event(event: RunEvent): void;
  progress(progress: Progress): void;
  /** Draws nothing until there is progress again: somebody is asked. */
  pause(): void;
  /** The stream's last word. */
  result(result: Result, runId: string, root: string): void;
}

export function runOutput(json: boolean): RunOutput {
  return json ? new JsonOutput() : new TerminalOutput();
}

/** JSON Lines on stdout; a recorded value is for replay, not for readers, and is left out. */
class JsonOutput implements RunOutput {
  event(event: RunEvent): void {
    if (event.type === "result") return;
    writeEvent(shownEvent(event));
  }

  progress(): void {}

  pause(): void {}

  result(result: Result, runId: string): void {
    writeResult(result, runId);
  }

  [Symbol.dispose](): void {}
}

class TerminalOutput implements RunOutput {
  readonly #status = new StatusLine(process.stderr);
  readonly #style = styler(process.stdout);
  readonly #startedAt = Date.now();
  #run: string | undefined;
  #wallMsMax: number | undefined;
  readonly #asked = { calls: 0, tokens: 0, costMicroUsd: 0 };

  event(event: RunEvent): void {
    if (event.type === "model-asked") {
      this.#asked.calls += 1;
      this.#asked.tokens += event.inputTokens + event.outputTokens;
      this.#asked.costMicroUsd += event.costMicroUsd;
    }
    if (event.type === "run-started") this.#wallMsMax = event.budget?.wallMsMax;
    // The first is the run's own; what a part of it does is marked with that one's id.
    this.#run ??= event.runId;
    const mark = event.runId === this.#run ? "" : `  ${this.#style("dim", sanitizeLine(event.runId ?? ""))}`;
    for (const line of eventLines(event, this.#style)) this.#status.print(`${mark}${line}`, process.stdout);
  }

  progress(progress: Progress): void {
    this.#status.show(() => sanitizeLine([...this.#clock(), ...describeProgress(progress)].join(" · ")));
  }

  pause(): void {
    this.#status.clear();
  }

  /** Time gone, and what is left of the budget's. */
  #clock(): string[] {
    const goneMs = Date.now() - this.#startedAt;
    const gone = formatDuration(goneMs);
    return this.#wallMsMax === undefined
      ? [gone]
      : [gone, `${formatDuration(Math.max(0, this.#wallMsMax - goneMs))} left`];
  }

  result(result: Result, runId: string, root: string): void {
    this.#status.clear();
    const style = this.#style;
    const colour = result.exitCode === 0 ? "green" : result.exitCode === 1 || result.exitCode === 4 ? "red" : "yellow";
    // The remedy has a line of its own below.
    const said = result.patch === undefined ? (result.fault?.message ?? result.summary) : result.summary;
    const lines = ["", `  ${style(["bold", colour], result.outcome)}  ${sanitizeLine(said)}`];
    if (result.patch !== undefined && result.fault !== undefined) {
      const what = result.solution === undefined ? "not applied" : "not written";
      lines.push(`  ${style("yellow", what)}  ${sanitizeLine(result.fault.message)}`);
    }
    if (result.fault?.remedy !== undefined) lines.push(`  → ${sanitizeLine(result.fault.remedy)}`);
    const places: [string, string | undefined][] = [
      ["solution", result.solution?.written ?? result.solution?.path],
      ["patch", result.solution?.patch ?? result.patch?.path],
      ["receipt", result.receipt],
      ["report", result.report],
    ];
    for (const [label, path] of places)
      if (path !== undefined) lines.push(`  ${style("dim", label.padEnd(8))} ${sanitizeLine(shortPath(path))}`);
    if (result.durationMs !== undefined)
      lines.push(`  ${style("dim", "time".padEnd(8))} ${formatDuration(result.durationMs)}`);
    const { calls, tokens, costMicroUsd } = this.#asked;
    if (calls > 0) {
      const told = `${formatMoney(costMicroUsd)}, ${formatCount(tokens)} tokens in ${plural(calls, "call")}`;
      lines.push(`  ${style("dim", "models".padEnd(8))} ${told}`);
    }
    const next = nextSteps(result, runId, root);
    if (next.length > 0) lines.push("", ...next.map((line) => `  ${line}`));
    process.stdout.write(`${lines.join("\n")}\n`);
  }

  [Symbol.dispose](): void {
    this.#status.clear();
  }
}

function nextSteps(result: Result, runId: string, root: string): string[] {
  const where = root === process.cwd() ? "" : ` -C ${quoted(root)}`;
  if (result.outcome === "paused") return [`Go on with:     assay resume ${runId}${where}`];
  if (result.receipt === undefined) return [];
  const check = `Check it again: assay verify ${quoted(result.receipt)} --rerun`;
  if (result.applied === true) return ["Applied to the project.", check];
  // A change under judgement is its author's to apply, and a solution was written where it was asked for.
  const isProposed = result.outcome === "accepted" && runId.startsWith("heal-");
  return isProposed ? [`Apply it:       assay resume ${runId} --apply${where}`, check] : [check];
}

/** As short as it can be typed from here. */
function shortPath(path: string): string {
  const here = relative(process.cwd(), path);
  return here === "" || here.startsWith("..") ? path : here;
}

function quoted(path: string): string {
  const short = shortPath(path);
  return /^[\w@%+=:,./-]+$/.test(short) ? short : `'${short.replaceAll("'", "'\\''")}'`;
}
