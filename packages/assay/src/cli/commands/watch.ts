import type { PositionedEvent, Result, RunEventType } from "@assay/sdk";
import { findDaemon, openProject, openProjectEvents, type ProjectEvents, parseEventTypes } from "#app";
import { sanitizeLine } from "#report";
import { abortOnInterrupt } from "../interrupt.ts";
import { eventLines } from "../output/event-lines.ts";
import { writeEvent, writeResult } from "../output/json.ts";
import { runOutput } from "../output/run-output.ts";
import { styler } from "../output/style.ts";

export type WatchOptions = { dir: string; types?: string; json?: boolean };

const interruptedExitCode = 130;

/** Shows events as they are recorded; what executes the runs does not notice. */
export async function watchCommand(run: string | undefined, options: WatchOptions): Promise<void> {
  const types = options.types === undefined ? undefined : parseEventTypes(options.types);
  using interrupt = abortOnInterrupt();
  const id = run === undefined ? undefined : await existingRun(run, options.dir);
  await using events = await openProjectEvents(options.dir, findDaemon);
  const watching = { events, types, json: options.json === true, signal: interrupt.signal };
  const ended = id === undefined ? await watchAll(watching) : await watchOne(id, watching);
  if (ended === undefined) sayInterrupted(watching.json);
  process.exitCode = ended?.exitCode ?? interruptedExitCode;
}

type Watching = {
  events: ProjectEvents;
  types: ReadonlySet<RunEventType> | undefined;
  json: boolean;
  signal: AbortSignal;
};

/** Its lines as the command shows them that executes it; its result, or `undefined` when interrupted. */
async function watchOne(run: string, { events, types, json, signal }: Watching): Promise<Result | undefined> {
  using output = runOutput(json);
  const filter = { after: 0, run, ...(types === undefined ? {} : { types: [...types, "result" as const] }) };
  for await (const { event } of events.follow(filter, signal)) {
    if (event.type !== "result") output.event(event);
    else {
      output.result(event, run, events.root);
      return event;
    }
  }
  return undefined;
}

/** Without an end of its own. */
async function watchAll({ events, types, json, signal }: Watching): Promise<undefined> {
  // Nothing may happen for long, and that should not look like a command that hangs.
  process.stderr.write(`assay: watching all runs of ${sanitizeLine(events.root)} from now on; Ctrl-C ends it\n`);
  const style = styler(process.stdout);
  for await (const { event } of events.follow(types === undefined ? {} : { types: [...types] }, signal)) {
    if (json) writeEvent(event);
    else
      for (const line of linesOf(event, style)) {
        process.stdout.write(`${style("dim", sanitizeLine(event.runId ?? ""))}${line}\n`);
      }
  }
}

function linesOf(event: PositionedEvent["event"], style: ReturnType<typeof styler>): string[] {
  if (event.type !== "result") return eventLines(event, style);
  return [`  ${style("bold", event.outcome)}  ${sanitizeLine(event.summary)}`];
}

async function existingRun(name: string, directory: string): Promise<string> {
  await using project = await openProject(directory, {});
  const id = await project.find(name);
  return (await project.listed(id)).run;
}

function sayInterrupted(json: boolean): void {
  if (!json) return;
  const summary = "Stopped watching; the runs go on.";
  writeResult({ type: "result", outcome: "cancelled", exitCode: interruptedExitCode, summary });
}
