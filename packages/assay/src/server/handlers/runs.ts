import { join } from "node:path";
import type { RunDetail } from "@assay/sdk";
import { budgetFlagsOf, shownEvent, standingResult, traceContextOf } from "#app";
import { type RunId, raise } from "#domain";
import type { Handlers } from "../handlers.ts";
import { cursorOf, pageBy, readCursor } from "../projections/cursor.ts";
import { goalViews } from "../projections/goal-views.ts";
import type { ListedEntry, RunEntry } from "../supervisor/run-book.ts";
import type { TenantDesk } from "../supervisor/tenant-desk.ts";
import { folderOf, refuseForeignPaths, refuseForeignWork } from "./refuse-foreign-paths.ts";
import type { TenantRuns } from "./tenant-runs.ts";

type RunHandlers = Pick<
  Handlers,
  | "listGoals"
  | "createRun"
  | "listRuns"
  | "readRun"
  | "readEvents"
  | "cancelRun"
  | "interruptRun"
  | "resumeRun"
  | "forkRun"
>;

/** Runs: begun, looked at, steered. */
export function runHandlers(runs: TenantRuns): RunHandlers {
  return {
    listGoals: async (call) => {
      const { book } = await runs.of(call);
      const entries = [];
      for await (const entry of book.listed()) entries.push(entry);
      return pageBy(goalViews(entries), ({ id }) => id, call.query);
    },
    createRun: async (call) => {
      const { goal, budget = {} } = call.body;
      const { desk } = await runs.of(call);
      await refuseForeignPaths(goal, desk.project.root, call.caller);
      const { idempotencyKey } = call;
      const run = await desk.create({
        goal,
        budget: budgetFlagsOf(budget),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        writesWithin: folderOf(call.caller, desk.project.root),
        trace: traceContextOf(call.traceparent),
      });
      return runs.view(call, run);
    },
    listRuns: async (call) => {
      const { cursor, limit, status, outcome, workflow } = call.query;
      const { book } = await runs.of(call);
      const after = cursor === undefined ? undefined : readPlace(cursor);
      const found: ListedEntry[] = [];
      for await (const entry of book.listed(after)) {
        const { view } = entry;
        const wanted =
          (status === undefined || view.status === status) &&
          (outcome === undefined || view.outcome === outcome) &&
          (workflow === undefined || view.workflow === workflow);
        if (wanted) found.push(entry);
        if (found.length > limit) break;
      }
      const shown = found.slice(0, limit);
      const last = shown.at(-1)?.summary;
      const next =
        found.length > limit && last !== undefined ? { next: cursorOf(`${last.startedAt} ${last.run}`) } : {};
      return { items: shown.map(({ view }) => view), ...next };
    },
    readRun: async (call) => {
      const { desk, entry } = await runs.named(call);
      return detailOf(desk, entry);
    },
    readEvents: async (call) => {
      const { desk, run, entry } = await runs.named(call);
      const { after, limit } = call.query;
      const items = (await desk.project.journal.read(run, after)).slice(0, limit).map(shownEvent);
      return { items, lastSeq: Math.max(entry.summary.events, items.at(-1)?.seq ?? 0) };
    },
    cancelRun: async (call) => {
      const { desk, run } = await runs.named(call);
      await desk.cancel(run, call.caller.keyId === "local" ? undefined : `key ${call.caller.keyId}`);
      return runs.view(call, run);
    },
    interruptRun: async (call) => {
      const { desk, run } = await runs.named(call);
      await desk.interrupt(run);
      return runs.view(call, run);
    },
    resumeRun: async (call) => {
      const { desk, run } = await runs.named(call);
      const { budget = {}, apply, force } = call.body;
      await desk.resume(run, { ...budgetFlagsOf(budget), apply, force });
      return runs.view(call, run);
    },
    forkRun: async (call) => {
      const { desk, run } = await runs.named(call);
      const { step, input } = call.body;
      const { root } = desk.project;
      await refuseForeignWork(input, root, call.caller);
      const writesWithin = folderOf(call.caller, root);
      return runs.view(call, await desk.fork(run, { step, ...(input === undefined ? {} : { input }), writesWithin }));
    },
  };
}

async function detailOf(desk: TenantDesk, { view, facts, summary }: RunEntry) {
  const { state, budget, steps } = facts;
  const { run } = summary;
  const end = desk.endOf(run);
  const isHere = desk.driveOf(run) !== undefined;
  const fault = end?.kind === "fault" ? end.fault : state.fault;
  const result = isHere ? undefined : await resultOf(desk, run);
  const detail: RunDetail = {
    ...view,
    ...(state.goal === undefined ? {} : { goal: state.goal }),
    ...(state.owner === undefined ? {} : { owner: state.owner }),
    ...(isHere || fault === undefined ? {} : { fault }),
    ...(result === undefined ? {} : { result }),
    budget,
    steps,
    ...(state.forkedFrom === undefined ? {} : { forkedFrom: state.forkedFrom }),
    children: state.children,
  };
  return detail;
}

/** What the last drive came to, else what the journal says. Where something kept the last drive from beginning, it came to nothing. */
async function resultOf(desk: TenantDesk, run: RunId): Promise<RunDetail["result"]> {
  const end = desk.endOf(run);
  if (end?.kind === "fault") return undefined;
  if (end?.kind === "driven") return end.driven.result;
  const { journal, places } = desk.project;
  return standingResult(await journal.read(run), join(places.runs, run));
}

function readPlace(cursor: string): { startedAt: number; run: string } {
  const [startedAt, run, ...rest] = readCursor(cursor).split(" ");
  const at = Number(startedAt);
  if (run === undefined || rest.length > 0 || !Number.isFinite(at)) {
    raise("usage", "the cursor is not one that this list gave", "leave it out to begin again");
  }
  return { startedAt: at, run };
}
