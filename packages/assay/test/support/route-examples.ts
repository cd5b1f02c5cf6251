import type { Digest, RouteName } from "@assay/sdk";

/** What there is to ask for. */
export type Existing = { run: string; digest: Digest; keyId: string };
export type RouteExample = { path: string; body?: unknown };

const reason = { reason: "because of a test" };

/** A request of each operation that is as it should be: a new operation does not compile without one. */
export function routeExamples({ run, digest, keyId }: Existing): Record<RouteName, RouteExample> {
  const ofRun = (rest = "") => ({ path: `/v1/runs/${run}${rest}` });
  const goal = { kind: "heal", root: "/project", tests: [], apply: false };
  return {
    live: { path: "/health/live" },
    ready: { path: "/health/ready" },
    health: { path: "/v1/health" },
    listGoals: { path: "/v1/goals?limit=10" },
    createRun: { path: "/v1/runs", body: { goal } },
    listRuns: { path: "/v1/runs?limit=500" },
    readRun: ofRun(),
    readEvents: ofRun("/events?after=0"),
    cancelRun: ofRun("/cancel"),
    interruptRun: ofRun("/interrupt"),
    resumeRun: { ...ofRun("/resume"), body: {} },
    forkRun: { ...ofRun("/fork"), body: { step: "baseline" } },
    auditRun: ofRun("/audit"),
    listArtifacts: ofRun("/artifacts"),
    readArtifact: ofRun("/artifacts/change.patch"),
    writeReport: ofRun("/report"),
    verifyRun: ofRun("/verify"),
    decideApproval: { ...ofRun("/approval"), body: { approved: false } },
    listApprovals: { path: "/v1/approvals" },
    listTasks: { path: `/v1/tasks?run=${run}` },
    readTask: ofRun("/tasks/one"),
    retryTask: ofRun("/tasks/one/retry"),
    listWorkers: { path: "/v1/workers" },
    grantAttest: { path: "/v1/workers/one/attest", body: { granted: true } },
    revokeWorker: { path: "/v1/workers/one/revoke", body: reason },
    emergencyStop: { path: "/v1/emergency-stop", body: reason },
    liftEmergencyStop: { path: "/v1/emergency-stop/lift" },
    listCircuits: { path: "/v1/circuits?level=step" },
    readCircuit: { path: "/v1/circuits/system" },
    resetCircuit: { path: "/v1/circuits/system/reset", body: reason },
    keepBlob: { path: "/v1/blobs", body: { base64: "YQ==" } },
    readBlob: { path: `/v1/blobs/${digest}` },
    listKnowledge: { path: "/v1/knowledge" },
    listBudgets: { path: "/v1/budgets" },
    readConfiguration: { path: "/v1/configuration" },
    createKey: { path: "/v1/keys", body: { name: "of a test", scopes: ["admin"] } },
    listKeys: { path: "/v1/keys" },
    revokeKey: { path: `/v1/keys/${keyId}/revoke` },
    listAudit: { path: "/v1/audit?limit=500" },
    openSession: { path: "/v1/session", body: { key: "none" } },
    closeSession: { path: "/v1/session/close" },
    events: { path: `/v1/events?run=${run}` },
    metrics: { path: "/metrics" },
  };
}
