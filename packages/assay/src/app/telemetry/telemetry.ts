import type { Journal, TailEntry } from "#ports";
import { Follower } from "./follow.ts";
import { logRunEvent } from "./logs/log-lines.ts";
import type { Log } from "./logs/open-log.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { LiveTraces } from "./traces/live-traces.ts";
import { openSpanExport, type SpanExport } from "./traces/span-export.ts";

export type TelemetryOptions = {
  log: Log;
  metrics: Metrics;
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
  /** Where spans go; absent: where the environment says. */
  spans?: SpanExport;
};

/**
 * What a daemon tells of itself, all of it read from the tails of its journals: metrics, log lines of runs, and spans where a collector is
 * named. Nothing that executes runs waits for it.
 */
export class Telemetry implements AsyncDisposable {
  readonly #options: TelemetryOptions;
  readonly #spans: SpanExport | undefined;

  constructor(options: TelemetryOptions) {
    this.#options = options;
    this.#spans = options.spans ?? openSpanExport();
  }

  /** Tells what is appended to a tenant's journal from now on; disposed of before the journal is, it tells what is left. */
  async follow(journal: Journal, tenant: string): Promise<AsyncDisposable> {
    const { log } = this.#options;
    const traces = this.#spans === undefined ? undefined : new LiveTraces(journal, this.#spans);
    return new Follower(
      journal,
      await journal.head(),
      (entry) => this.#tell(entry, tenant, traces),
      (error) => log.warn("something of the journal could not be told", { tenant }, error),
    );
  }

  async #tell(entry: TailEntry, tenant: string, traces: LiveTraces | undefined): Promise<void> {
    const { log, metrics, now = Date.now } = this.#options;
    if (entry.kind === "unreadable") {
      metrics.addUnreadable();
      log.error("an event of the journal cannot be read", { tenant, run: entry.run, position: entry.position });
      return;
    }
    metrics.addEvent(entry.event);
    metrics.addSyncLag(now() - entry.event.at);
    logRunEvent(log, tenant, entry.event);
    await traces?.add(entry);
  }

  /** Sends what was told; a collector that does not answer is given up after two seconds. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spans?.[Symbol.asyncDispose]();
  }
}
