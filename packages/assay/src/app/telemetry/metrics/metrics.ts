import type { Health, RunEvent } from "@assay/sdk";
import { collectDefaultMetrics, Registry } from "prom-client";
import { BoundedLabel } from "./bounded-label.ts";
import { EventCounts } from "./count-event.ts";
import { type Instruments, instruments } from "./instruments.ts";

/** How things stand now; asked at each scrape. */
export type Standing = Pick<Health, "runs" | "workers" | "tasks" | "circuits" | "emergencyStop" | "problems"> & {
  eventClients: number;
};

export type HttpRequestSeen = {
  /** The route's name or template, never the path that was asked for. */
  route: string;
  method: string;
  status: number;
  durationMs: number;
};

export type MetricsOptions = {
  /** Absent: nothing is told of what is now. */
  standing?: () => Standing | Promise<Standing>;
  /** Also tells of this process: CPU, memory, event loop, garbage collection. Once a process. */
  ofProcess?: boolean;
};

const methods = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

/**
 * Prometheus' view: a projection of events and of how things stand, no state of its own that matters. Counts begin with the process,
 * as Prometheus expects.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #instruments: Instruments = instruments(this.#registry);
  readonly #events = new EventCounts(this.#instruments);
  readonly #routes = new BoundedLabel(200);
  readonly #standing: MetricsOptions["standing"];

  constructor(options: MetricsOptions = {}) {
    this.#standing = options.standing;
    if (options.ofProcess === true) collectDefaultMetrics({ register: this.#registry });
  }

  /** Each event once, in order. */
  addEvent(event: RunEvent): void {
    this.#events.add(event);
  }

  /** An event of the tail that cannot be read. */
  addUnreadable(): void {
    this.#instruments.unreadable.inc();
  }

  /** How long after an event its projections had it. */
  addSyncLag(lagMs: number): void {
    this.#instruments.syncSeconds.observe(Math.max(0, lagMs) / 1000);
  }

  addAppend(durationMs: number): void {
    this.#instruments.appendSeconds.observe(durationMs / 1000);
  }

  addRequest({ route, method, status, durationMs }: HttpRequestSeen): void {
    const bounded = this.#routes.of(route);
    const known = methods.has(method) ? method : "other";
    this.#instruments.requests.inc({ route: bounded, method: known, status: String(status) });
    this.#instruments.requestSeconds.observe({ route: bounded }, durationMs / 1000);
  }

  /** Prometheus' text format, for `/metrics`; its media type is `text/plain; version=0.0.4`. */
  async text(): Promise<string> {
    const standing = await this.#standing?.();
    if (standing !== undefined) this.#show(standing);
    return this.#registry.metrics();
  }

  #show({ runs, workers, tasks, circuits, emergencyStop, problems, eventClients }: Standing): void {
    const to = this.#instruments;
    to.runsNow.set({ status: "running" }, runs.running);
    to.runsNow.set({ status: "queued" }, runs.queued);
    to.tasksNow.set({ status: "queued" }, tasks.queued);
    to.tasksNow.set({ status: "claimed" }, tasks.claimed);
    to.queueDepth.set(tasks.queued);
    to.workersNow.set({ status: "here" }, workers.here);
    to.workersNow.set({ status: "away" }, workers.away);
    to.circuitsNow.set({ state: "closed" }, circuits.closed);
    to.circuitsNow.set({ state: "half-open" }, circuits.halfOpen);
    to.circuitsNow.set({ state: "open" }, circuits.open);
    to.stopped.set(emergencyStop ? 1 : 0);
    to.problems.set(problems.length);
    to.eventClients.set(eventClients);
  }
}
