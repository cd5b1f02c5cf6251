import { z } from "zod";
import type { Metrics } from "../metrics/metrics.ts";
import { logRequest } from "./log-lines.ts";
import type { Log } from "./open-log.ts";

const answeredSchema = z.object({
  request: z.string(),
  /** Absent where no route was meant. */
  operation: z.string().default("none"),
  method: z.string(),
  status: z.int(),
  durationMs: z.number(),
  tenant: z.string().optional(),
  key: z.string().optional(),
});

/** Where a server says what it did: fields first, as `pino` has it. */
export type ServerLog = {
  info(what: Record<string, unknown>, message: string): void;
  error(what: Record<string, unknown>, message: string): void;
};

/** A server's log and its requests' metrics at once: what it says of each answer is counted and told, the rest is told. */
export function serverLog(log: Log, metrics: Metrics): ServerLog {
  return {
    info(what, message) {
      const answered = answeredSchema.safeParse(what).data;
      if (answered === undefined) {
        log.info(message, what);
        return;
      }
      // The id of a key is called `key` there; here that is a name for what must not be told.
      const { operation: route, key, tenant, ...seen } = answered;
      metrics.addRequest({ ...seen, route });
      logRequest(log, {
        ...seen,
        route,
        ...(tenant === undefined ? {} : { tenant }),
        ...(key === undefined ? {} : { key_id: key }),
      });
    },
    error({ error, ...what }, message) {
      log.error(message, what, error);
    },
  };
}
