import { type AuditEntry, type Digest, type Goal, type RunDetail, type RunView, runEventSchema } from "@assay/sdk";
import { raise } from "#domain";
import { type ApiKeys, digestOf, type MutationLog } from "#ports";
import { type Caller, type Handlers, keyHandlers } from "#server";

type Tenant = { runs: Map<string, RunDetail>; blobs: Map<string, Uint8Array>; asked: Map<string, RunView> };

/** A project whose runs end as soon as they begin. Each tenant has its own, and nothing of another's can be reached. */
export class FakeProject {
  readonly #tenants = new Map<string, Tenant>();
  readonly #now: () => number;
  #made = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A run as if the tenant had asked for it. */
  addRun(tenant: string): RunView {
    return this.#create(this.#of(tenant), { kind: "heal", root: "/project", tests: [], apply: false });
  }

  handlers(keys: ApiKeys, mutations: MutationLog): Handlers {
    const of = ({ caller }: { caller: Caller }) => this.#of(caller.tenant);
    const run = (call: { caller: Caller; params: { run: string } }) => this.#run(of(call), call.params.run);
    const none = () => Promise.resolve({ items: [] });
    const missing = (what: string) => async () => raise("not-found", `there is no such ${what}`);
    return {
      ...keyHandlers({ keys, mutations, now: this.#now }),
      health: async () => this.#health(),
      listGoals: none,
      createRun: async (call) => this.#once(of(call), call.idempotencyKey, call.body.goal),
      listRuns: async (call) => page([...of(call).runs.values()].reverse().map(viewOf), call.query),
      readRun: async (call) => run(call),
      readEvents: async (call) => ({ items: [this.#event(run(call))], lastSeq: 1 }),
      cancelRun: async (call) => viewOf(Object.assign(run(call), { status: "cancelled" as const })),
      interruptRun: async (call) => viewOf(run(call)),
      resumeRun: async (call) => viewOf(run(call)),
      forkRun: async (call) => this.#create(of(call), run(call).goal ?? raise("defect", "a run without goal")),
      auditRun: async (call) => ({ items: [auditEntry(run(call))] }),
      listArtifacts: async (call) => ({
        items: [{ kind: "patch", name: "change.patch", path: `/state/${run(call).run}/change.patch` }],
      }),
      readArtifact: async (call) =>
        call.params.name === "change.patch"
          ? Buffer.from(`${run(call).run}\n`)
          : raise("not-found", `there is no artifact ${call.params.name}`),
      writeReport: async (call) => ({ path: `/state/${run(call).run}/report.html` }),
      verifyRun: async (call) => ({ outcome: "matches", summary: run(call).summary, checks: [] }),
      decideApproval: async (call) => {
        run(call);
        const { approved, by = "somebody" } = call.body;
        return { kind: "received", approved, by, at: this.#now(), finished: true };
      },
      listApprovals: none,
      listTasks: none,
      readTask: async (call) => {
        run(call);
        return missing("task")();
      },
      retryTask: async (call) => {
        run(call);
        return missing("task")();
      },
      listWorkers: none,
      grantAttest: missing("worker"),
      revokeWorker: missing("worker"),
      emergencyStop: async () => ({ done: true, saved: true }),
      liftEmergencyStop: async () => ({ done: true }),
      listCircuits: none,
      readCircuit: missing("circuit"),
      resetCircuit: missing("circuit"),
      keepBlob: async (call) => this.#keep(of(call), Buffer.from(call.body.base64, "base64")),
      readBlob: async (call) => of(call).blobs.get(call.params.digest) ?? missing("content")(),
      listKnowledge: none,
      listBudgets: none,
      readConfiguration: async () => ({ level: "controlled" }),
      metrics: async () => "# TYPE assay_runs gauge\nassay_runs 1\n",
    };
  }

  #of(name: string): Tenant {
    const tenant = this.#tenants.get(name) ?? { runs: new Map(), blobs: new Map(), asked: new Map() };
    this.#tenants.set(name, tenant);
    return tenant;
  }

  #run({ runs }: Tenant, run: string): RunDetail {
    return runs.get(run) ?? raise("run-not-found", `there is no run ${run}`);
  }

  #once(tenant: Tenant, key: string | undefined, goal: Goal): RunView {
    const run = tenant.asked.get(key ?? "") ?? this.#create(tenant, goal);
    if (key !== undefined) tenant.asked.set(key, run);
    return run;
  }

  #create({ runs }: Tenant, goal: Goal): RunView {
    const run = `heal-fake${String(++this.#made).padStart(8, "0")}`;
    const amounts = { total: { wallMs: 1_000 }, spent: { wallMs: 0 }, remaining: { wallMs: 1_000 } };
    const at = this.#now();
    const detail: RunDetail = {
      run,
      workflow: goal.kind,
      status: "finished",
      outcome: "accepted",
      summary: "The failing test passes.",
      startedAt: at,
      lastEventAt: at,
      events: 1,
      goal,
      budget: { run, ...amounts },
      steps: [],
      children: [],
    };
    runs.set(run, detail);
    return viewOf(detail);
  }

  #keep({ blobs }: Tenant, content: Uint8Array): { digest: Digest } {
    const digest = digestOf(content);
    blobs.set(digest, content);
    return { digest };
  }

  #event({ run }: RunDetail) {
    return runEventSchema.parse({ type: "note", level: "info", message: "begun", seq: 1, runId: run, at: this.#now() });
  }

  #health() {
    return {
      status: "ok" as const,
      version: "0",
      uptimeMs: 1,
      project: "/project",
      runs: { running: 0, queued: 0 },
      workers: { here: 0, away: 0 },
      tasks: { queued: 0, claimed: 0 },
      circuits: { closed: 0, halfOpen: 0, open: 0 },
      emergencyStop: false,
      problems: [],
    };
  }
}

/** Keeps the fields of a view alone. */
function viewOf({ goal: _goal, budget: _budget, steps: _steps, children: _children, ...view }: RunDetail): RunView {
  return view;
}

function page<T>(items: T[], { cursor, limit }: { cursor?: string | undefined; limit: number }) {
  const from = cursor === undefined ? 0 : Number(/^\d{1,9}$/.exec(cursor)?.[0] ?? raise("usage", "not a cursor"));
  const next = from + limit < items.length ? { next: String(from + limit) } : {};
  return { items: items.slice(from, from + limit), ...next };
}

function auditEntry({ startedAt, run }: RunDetail): AuditEntry {
  const time = new Date(startedAt).toISOString();
  const what = { actor: "judge", action: "accepted", subject: run, detail: "", facts: {}, digests: [] };
  return { type: "audit-entry", seq: 1, at: startedAt, time, ...what };
}
