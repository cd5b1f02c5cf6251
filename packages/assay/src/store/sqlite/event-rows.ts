import { createHash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type RunEvent, runEventSchema } from "@assay/sdk";
import { z } from "zod";
import { type RunId, raise } from "#domain";
import type { TailEntry } from "#ports";
import { corruptRun } from "./corrupt-run.ts";

const headSchema = z.object({ id: z.int(), last_seq: z.int(), head: z.string() });
const rowSchema = z.object({ seq: z.int(), body: z.string(), chain: z.string() });
const tailSchema = z.object({ position: z.int(), name: z.string(), seq: z.int(), body: z.string() });
const appendSchema = z.object({ first_seq: z.int(), last_seq: z.int() });
const summarySchema = z.object({ name: z.string(), events: z.int(), startedAt: z.number(), lastEventAt: z.number() });

export type Head = { id: number; lastSeq: number; chain: string };

/**
 * The rows of runs, their events and their idempotency keys. Synchronous; transactions are the caller's.
 *
 * Each event's `chain` is SHA-256 over the chain before it and its own text: a row changed, moved or taken out is found
 * when the run is read, and the run's own row holds the last one, so that a missing end is found too.
 */
export class EventRows {
  readonly #path: string;
  readonly #tenant: string;
  readonly #selectHead: StatementSync;
  readonly #selectEvents: StatementSync;
  readonly #selectAppend: StatementSync;
  readonly #selectSummaries: StatementSync;
  readonly #selectTail: StatementSync;
  readonly #selectPosition: StatementSync;
  readonly #selectStranger: StatementSync;
  readonly #insertRun: StatementSync;
  readonly #updateRun: StatementSync;
  readonly #insertEvent: StatementSync;
  readonly #insertAppend: StatementSync;
  readonly #deletions: readonly StatementSync[];
  readonly #deleteRequests: StatementSync;

  constructor(database: DatabaseSync, path: string, tenant: string) {
    this.#path = path;
    this.#tenant = tenant;
    this.#selectHead = database.prepare("SELECT id, last_seq, head FROM runs WHERE tenant = ? AND name = ?");
    this.#selectEvents = database.prepare(
      "SELECT seq, body, chain FROM events WHERE run = ? AND seq >= ? AND seq <= ? ORDER BY seq",
    );
    this.#selectAppend = database.prepare("SELECT first_seq, last_seq FROM appends WHERE run = ? AND key = ?");
    this.#selectSummaries = database.prepare(
      "SELECT name, last_seq AS events, started_at AS startedAt, last_at AS lastEventAt FROM runs WHERE tenant = ? ORDER BY id DESC",
    );
    this.#selectTail = database.prepare(
      "SELECT position, name, seq, body FROM events JOIN runs ON runs.id = events.run WHERE position > ? AND tenant = ? ORDER BY position LIMIT ?",
    );
    // Not the greatest that is there: what was removed is behind everybody who has seen it. https://www.sqlite.org/autoinc.html
    this.#selectPosition = database.prepare(
      "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0) AS position",
    );
    this.#selectStranger = database.prepare("SELECT 1 FROM runs WHERE name = ? AND tenant <> ?");
    this.#insertRun = database.prepare(
      "INSERT INTO runs (tenant, name, started_at, last_at, last_seq, head) VALUES (?, ?, ?, ?, ?, ?) RETURNING id, last_seq, head",
    );
    this.#updateRun = database.prepare("UPDATE runs SET last_at = ?, last_seq = ?, head = ? WHERE id = ?");
    this.#insertEvent = database.prepare("INSERT INTO events (run, seq, body, chain) VALUES (?, ?, ?, ?)");
    this.#insertAppend = database.prepare("INSERT INTO appends (run, key, first_seq, last_seq) VALUES (?, ?, ?, ?)");
    this.#deletions = [
      "DELETE FROM appends WHERE run = ?",
      "DELETE FROM events WHERE run = ?",
      "DELETE FROM runs WHERE id = ?",
    ].map((statement) => database.prepare(statement));
    this.#deleteRequests = database.prepare("DELETE FROM requests WHERE tenant = ? AND run = ?");
  }

  head(run: RunId): Head | undefined {
    const row = this.#selectHead.get(this.#tenant, run);
    return row === undefined ? undefined : toHead(headSchema.parse(row));
  }

  /** The run's events with `seq > after`; throws `journal-corrupt` naming the first event that cannot be trusted. */
  read(run: RunId, after: number): RunEvent[] {
    const head = this.head(run);
    return head === undefined ? [] : this.#range(run, head, after + 1, head.lastSeq);
  }

  /** The events that an earlier append with this key made. */
  appendedAs(run: RunId, key: string): RunEvent[] | undefined {
    const head = this.head(run);
    const row = head === undefined ? undefined : this.#selectAppend.get(head.id, key);
    if (head === undefined || row === undefined) return undefined;
    const { first_seq, last_seq } = appendSchema.parse(row);
    return this.#range(run, head, first_seq, last_seq);
  }

  summaries(): z.infer<typeof summarySchema>[] {
    return this.#selectSummaries.all(this.#tenant).map((row) => summarySchema.parse(row));
  }

  insert(run: RunId, head: Head | undefined, events: readonly RunEvent[], key: string): void {
    const [first] = events;
    const last = events.at(-1);
    if (first === undefined || last === undefined) throw new RangeError("nothing to append");
    const id = head?.id ?? this.#begin(run, first, last);
    let chain = head?.chain ?? "";
    for (const event of events) {
      const body = JSON.stringify(event);
      chain = link(chain, body);
      this.#insertEvent.run(id, event.seq, body, chain);
    }
    this.#updateRun.run(last.at, last.seq, chain, id);
    this.#insertAppend.run(id, key, first.seq, last.seq);
  }

  /** The events of all runs with `position > after`, in order. */
  tail(after: number, entriesMax: number): TailEntry[] {
    return this.#selectTail.all(after, this.#tenant, entriesMax).map((found) => {
      const { position, name, seq, body } = tailSchema.parse(found);
      const run = name as RunId;
      try {
        return { position, run, kind: "event", event: this.#parse(run, seq, body) };
      } catch {
        return { position, run, kind: "unreadable" };
      }
    });
  }

  /** Of all tenants: a position says nothing about what stands there. */
  position(): number {
    return z.object({ position: z.int() }).parse(this.#selectPosition.get()).position;
  }

  remove(run: RunId): boolean {
    const head = this.head(run);
    if (head === undefined) return false;
    for (const deletion of this.#deletions) deletion.run(head.id);
    // Asked for again under its key, it is a new run: not one that is not there.
    this.#deleteRequests.run(this.#tenant, run);
    return true;
  }

  #begin(run: RunId, first: RunEvent, last: RunEvent): number {
    // Names are drawn at random; somebody who names another tenant's run is told what anybody is told of a run that is not there.
    if (this.#selectStranger.get(run, this.#tenant) !== undefined) raise("run-not-found", `there is no run ${run}`);
    return toHead(headSchema.parse(this.#insertRun.get(this.#tenant, run, first.at, last.at, last.seq, ""))).id;
  }

  #range(run: RunId, head: Head, from: number, to: number): RunEvent[] {
    // The one before is read for its chain.
    const start = Math.max(1, from - 1);
    const rows = this.#selectEvents.all(head.id, start, to);
    const events: RunEvent[] = [];
    let chain = "";
    for (let seq = start; seq <= to; seq++) {
      const row = rowSchema.safeParse(rows[seq - start]).data;
      if (row?.seq !== seq) throw corruptRun(run, seq, "it is missing", this.#path);
      const known = seq === 1 || seq > start;
      if (known && link(chain, row.body) !== row.chain) throw corruptRun(run, seq, "it was changed", this.#path);
      chain = row.chain;
      if (seq >= from) events.push(this.#parse(run, seq, row.body));
    }
    if (to === head.lastSeq && chain !== head.chain && from <= to) {
      throw corruptRun(run, to, "it is not the event that was written last", this.#path);
    }
    return events;
  }

  #parse(run: RunId, seq: number, body: string): RunEvent {
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      throw corruptRun(run, seq, "it is not JSON", this.#path);
    }
    const event = runEventSchema.safeParse(value);
    if (!event.success) throw corruptRun(run, seq, "it is not an event this version knows", this.#path);
    if (event.data.seq !== seq || event.data.runId !== run)
      throw corruptRun(run, seq, "it is out of place", this.#path);
    return event.data;
  }
}

function toHead(row: z.infer<typeof headSchema>): Head {
  return { id: row.id, lastSeq: row.last_seq, chain: row.head };
}

function link(previous: string, body: string): string {
  return createHash("sha256").update(previous).update("\n").update(body).digest("hex");
}
