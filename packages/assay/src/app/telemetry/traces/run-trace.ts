import type { RunEvent, TraceContext } from "@assay/sdk";
import { ClaimTrace } from "./claim-trace.ts";
import { eventAttributes, eventLink } from "./root-events.ts";
import type { SpanDraft, SpanPlace } from "./span-draft.ts";
import { runPlace, spanIdOf } from "./trace-ids.ts";
import { type Work, workOf } from "./work-of.ts";

/** Span events of a run that are kept; later ones are counted alone. */
const eventsMax = 200;

type Step = SpanPlace & { endMs: number; durationMs: number };

/**
 * Makes spans of one run's events, in their order: each comes as soon as it has ended, so that they can be sent while the run goes
 * on. The same events give the same spans, ids included.
 *
 * The journal tells when work ended and how long it took. Work that is reported after the step that it was done in (a model's calls,
 * an execution) stands below that step if it fits into it, else below the run: with steps side by side it may stand below a sibling.
 */
export class RunTrace {
  readonly #run: string;
  readonly #claims: ClaimTrace;
  #outer: TraceContext | undefined;
  #startMs: number | undefined;
  #step: Step | undefined;
  #attributes: Record<string, string | number> = {};
  #events: SpanDraft["events"][number][] = [];
  #links: SpanDraft["links"][number][] = [];
  #dropped = 0;

  constructor(run: string) {
    this.#run = run;
    this.#claims = new ClaimTrace(run, () => this.#root);
  }

  add(event: RunEvent): SpanDraft[] {
    this.#startMs ??= event.at;
    if (event.type === "run-started") {
      this.#outer = event.trace;
      this.#attributes = {
        "assay.workflow": event.workflow,
        "assay.workflow.version": event.workflowVersion,
        "assay.version": event.assayVersion,
        "assay.goal": event.goal.kind,
      };
      return [];
    }
    this.#remember(event);
    if (event.type === "result") return [this.#whole(event)];
    const work = workOf(event);
    return work === undefined ? this.#claims.add(event) : [this.#workSpan(event, work)];
  }

  get #root(): SpanPlace {
    return runPlace(this.#run, this.#outer);
  }

  #workSpan(event: RunEvent, work: Work): SpanDraft {
    const { traceId, spanId: root } = this.#root;
    const isStep = event.type === "step-finished";
    const inside = isStep ? undefined : this.#stepFor(work.durationMs);
    const endMs = inside?.endMs ?? event.at;
    const spanId = spanIdOf(this.#run, `${event.type}:${event.seq}`);
    if (isStep) this.#step = { traceId, spanId, endMs, durationMs: work.durationMs };
    return {
      traceId,
      spanId,
      parentSpanId: inside?.spanId ?? root,
      name: work.name,
      kind: work.kind,
      startMs: endMs - work.durationMs,
      endMs,
      status: work.failed === true ? "error" : "unset",
      attributes: { "assay.run": this.#run, ...work.attributes },
      events: [],
      links: [],
    };
  }

  /** The step that finished last, if this can have been done in it. */
  #stepFor(durationMs: number): Step | undefined {
    return this.#step !== undefined && this.#step.durationMs >= durationMs ? this.#step : undefined;
  }

  #remember(event: RunEvent): void {
    const attributes = eventAttributes(event);
    const link = eventLink(event);
    if (attributes === undefined && link === undefined) return;
    if (this.#events.length + this.#links.length >= eventsMax) {
      this.#dropped++;
      return;
    }
    if (attributes !== undefined) this.#events.push({ name: event.type, atMs: event.at, attributes });
    if (link !== undefined) this.#links.push(link);
  }

  #whole(result: Extract<RunEvent, { type: "result" }>): SpanDraft {
    const parent = this.#outer?.traceparent.slice(36, 52);
    return {
      ...this.#root,
      ...(parent === undefined ? {} : { parentSpanId: parent }),
      name: `run ${this.#attributes["assay.workflow"] ?? "unknown"}`,
      kind: "internal",
      startMs: this.#startMs ?? result.at,
      endMs: result.at,
      status: result.outcome === "failed" ? "error" : "unset",
      attributes: {
        ...this.#attributes,
        "assay.run": this.#run,
        "assay.outcome": result.outcome,
        "assay.exit_code": result.exitCode,
        ...(result.fault === undefined ? {} : { "error.type": result.fault.code }),
        ...(this.#dropped === 0 ? {} : { "assay.events_dropped": this.#dropped }),
      },
      events: this.#events,
      links: this.#links,
    };
  }
}

/** All spans of a run that have ended, from the events of its journal. Pure. */
export function runSpans(events: readonly RunEvent[]): SpanDraft[] {
  const [first] = events;
  if (first?.runId === undefined) return [];
  const trace = new RunTrace(first.runId);
  return events.flatMap((event) => trace.add(event));
}
