import type { Result, RunEvent } from "@assay/sdk";
import { formatDuration, plural, sanitizeLine } from "#report";
import type { HealProgress } from "#workflows";
import { eventLines } from "./event-lines.ts";
import { StatusLine } from "./status-line.ts";
import { styler } from "./style.ts";

/** What a command that drives a run shows: events as they are recorded, progress in between, the result last. */
export interface RunOutput extends Disposable {
  event(event: RunEvent): void;
  progress(progress: HealProgress): void;
  /** The stream's last word. */
  result(result: Result, runId: string): void;
}

export function runOutput(json: boolean): RunOutput {
  return json ? new JsonOutput() : new TerminalOutput();
}

/** JSON Lines on stdout; a recorded value is for replay, not for readers, and is left out. */
class JsonOutput implements RunOutput {
  #seq = 0;

  event(event: RunEvent): void {
    if (event.type === "result") return;
    this.#seq = event.seq;
    const shown = event.type === "step-finished" ? { ...event, result: undefined } : event;
    process.stdout.write(`${JSON.stringify(shown)}\n`);
  }

  progress(): void {}

  result(result: Result, runId: string): void {
    process.stdout.write(`${JSON.stringify({ seq: this.#seq + 1, runId, at: Date.now(), ...result })}\n`);
  }

  [Symbol.dispose](): void {}
}

class TerminalOutput implements RunOutput {
  readonly #status = new StatusLine(process.stderr);
  readonly #style = styler(process.stdout);
  readonly #startedAt = Date.now();

  event(event: RunEvent): void {
    for (const line of eventLines(event, this.#style)) this.#status.print(line, process.stdout);
  }

  progress(progress: HealProgress): void {
    const elapsed = formatDuration(Date.now() - this.#startedAt);
    if (progress.kind === "phase") {
      this.#status.show(
        sanitizeLine(`${progress.phase}${progress.detail ? ` · ${progress.detail}` : ""} · ${elapsed}`),
      );
      return;
    }
    const { proposer, tried, total, plausible, current } = progress;
    const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
    const what = current === undefined ? "" : ` · ${current}`;
    this.#status.show(
      sanitizeLine(
        `${proposer} · ${plural(tried, "candidate")}${of} tried · ${plausible} plausible · ${elapsed}${what}`,
      ),
    );
  }

  result(result: Result, runId: string): void {
    this.#status.clear();
    const style = this.#style;
    const colour = result.exitCode === 0 ? "green" : result.exitCode === 1 || result.exitCode === 4 ? "red" : "yellow";
    const lines = ["", `  ${style(["bold", colour], result.outcome)}  ${sanitizeLine(result.summary)}`];
    if (result.fault?.remedy !== undefined) lines.push(`  → ${sanitizeLine(result.fault.remedy)}`);
    const places: [string, string | undefined][] = [
      ["patch", result.patch?.path],
      ["receipt", result.receipt],
      ["report", result.report],
    ];
    for (const [label, path] of places)
      if (path !== undefined) lines.push(`  ${style("dim", label.padEnd(8))} ${sanitizeLine(path)}`);
    if (result.durationMs !== undefined)
      lines.push(`  ${style("dim", "time".padEnd(8))} ${formatDuration(result.durationMs)}`);
    const next = nextStep(result, runId);
    if (next !== undefined) lines.push("", `  ${next}`);
    process.stdout.write(`${lines.join("\n")}\n`);
  }

  [Symbol.dispose](): void {
    this.#status.clear();
  }
}

function nextStep(result: Result, runId: string): string | undefined {
  if (result.outcome === "paused") return `Go on with: assay resume ${runId}`;
  if (result.outcome !== "accepted") return undefined;
  if (result.applied === true) return `Applied to the project. Check it again: assay verify ${result.receipt}`;
  return `Apply it: git apply ${result.patch?.path}   Check it again: assay verify ${result.receipt} --rerun`;
}
