import { z } from "zod";

/** What a key may do. `admin` stands for nothing but itself: a key names every scope that it has. */
export const scopeSchema = z.enum([
  /** Runs, events, tasks, workers, circuits, budgets, knowledge: to look at. */
  "read",
  /** Evidence, artifacts and receipts: the contents, which hold the project's code. */
  "evidence",
  /** Begin, cancel, resume, fork runs; retry tasks. */
  "runs",
  /** Decide on proven changes. */
  "approvals",
  /** Prometheus' metrics. */
  "metrics",
  /** Register as a worker and claim tasks. */
  "workers",
  /** Keys, workers' grants and revocation, circuits, emergency stop, configuration, audit. */
  "admin",
]);
export type Scope = z.infer<typeof scopeSchema>;
export const allScopes: readonly Scope[] = scopeSchema.options;
