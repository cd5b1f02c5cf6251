import { Counter, Gauge, Histogram, type Registry } from "prom-client";

const seconds = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300, 1800];
const fastSeconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const bytes = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
const usd = [0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 25, 100];

/** Every metric with its labels. The names without `assay_` are those that the product's requirements ask for. */
export function instruments(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name, help, buckets, labelNames, registers });
  return {
    taskSeconds: histogram("agent_task_duration_seconds", "Tasks from offer to end", seconds, ["kind", "outcome"]),
    agentTasks: counter("agent_tasks_total", "Claims of tasks by workers that ended, and sessions of agents", ["kind"]),
    agentErrors: counter("agent_errors_total", "Those of them that ended without a result", ["kind", "reason"]),
    outputBytes: histogram("agent_output_size_bytes", "Size of proposed changes, as diffs", bytes, ["proposer"]),
    queueDepth: gauge("task_queue_depth", "Tasks that wait for a worker"),
    syncSeconds: histogram("world_model_sync_latency", "From an event's time to its projections, seconds", fastSeconds),
    tasksCompleted: counter("tasks_completed", "Tasks that are done"),
    costPerTask: histogram("cost_per_task", "What models cost in a run that ended, US dollars", usd, ["workflow"]),
    violations: counter("assay_violations_total", "Observations that were not as expected", ["kind"]),
    runsStarted: counter("assay_runs_started_total", "Runs that began", ["workflow"]),
    runs: counter("assay_runs_total", "Runs that ended", ["workflow", "outcome"]),
    runsPaused: counter("assay_runs_paused_total", "Times that a run paused", ["fault"]),
    runSeconds: histogram("assay_run_duration_seconds", "Runs from begin to end", seconds, ["workflow"]),
    verdicts: counter("assay_verdicts_total", "Verdicts", ["kind", "level"]),
    steps: histogram("assay_step_duration_seconds", "Steps that finished", seconds, ["step"]),
    executions: histogram("assay_execution_duration_seconds", "Executions of oracles", seconds, ["purpose"]),
    candidates: counter("assay_candidates_tried_total", "Candidates that were tried", ["proposer"]),
    modelCalls: counter("assay_model_calls_total", "Questions to models", ["model", "end"]),
    modelSeconds: histogram("assay_model_call_duration_seconds", "Questions to models", seconds, ["model"]),
    tokens: counter("assay_model_tokens_total", "Tokens of models", ["model", "direction"]),
    cost: counter("assay_model_cost_usd_total", "What models cost, US dollars", ["model"]),
    unreadable: counter("assay_unreadable_events_total", "Events of the journal that cannot be read"),
    requests: counter("assay_http_requests_total", "HTTP requests", ["route", "method", "status"]),
    requestSeconds: histogram("assay_http_request_duration_seconds", "HTTP requests", fastSeconds, ["route"]),
    eventClients: gauge("assay_sse_clients", "Clients that follow events"),
    appendSeconds: histogram("assay_journal_append_seconds", "Appends to the journal, synced", fastSeconds),
    runsNow: gauge("assay_runs", "Runs now", ["status"]),
    tasksNow: gauge("assay_tasks", "Tasks now", ["status"]),
    workersNow: gauge("assay_workers", "Workers now", ["status"]),
    circuitsNow: gauge("assay_circuits", "Circuit breakers now", ["state"]),
    stopped: gauge("assay_emergency_stop", "1 while everything is stopped by hand"),
    problems: gauge("assay_health_problems", "What is not as it should be"),
  };
}
export type Instruments = ReturnType<typeof instruments>;
