import { type DestinationStream, destination, pino } from "pino";
import { type LogFields, logText, pickFields } from "./log-fields.ts";

export const logLevels = ["error", "warn", "info", "debug", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** `fields`: `LogFields`; what is none of them is left out, so that anything may be handed in. */
type Tell = (message: string, fields?: LogFields | Record<string, unknown>, error?: unknown) => void;

/** Never throws. The library behind it is not reachable: what it would write of an object is more than may be told. */
export interface Log {
  readonly error: Tell;
  readonly warn: Tell;
  readonly info: Tell;
  readonly debug: Tell;
  /** The same, with fields that stand on every line. */
  with(fields: LogFields): Log;
}

/**
 * JSON, a line each, to stderr: `level`, `time` (milliseconds since the Unix epoch), `msg`, and of what is handed in the fields of
 * `logFields` alone, so that a header, a body or a key cannot get in by mistake. Texts have no control characters and nothing that
 * looks like a credential. Rotation is the system's: what reads stderr keeps it.
 */
export function openLog(level: LogLevel, to: DestinationStream = destination({ dest: 2, sync: true })): Log {
  const logger = pino({ level, base: null, formatters: { level: (label) => ({ level: label }) } }, to);
  const over = (common: LogFields): Log => {
    const tell =
      (at: Exclude<LogLevel, "silent">): Tell =>
      (message, fields = {}, error = undefined) =>
        logger[at]({ ...pickFields({ ...common, ...fields }), ...errorField(error) }, logText(message));
    return {
      error: tell("error"),
      warn: tell("warn"),
      info: tell("info"),
      debug: tell("debug"),
      with: (fields) => over({ ...common, ...fields }),
    };
  };
  return over({});
}

/** An error's name and message; without its stack, which shows where this program lives. */
function errorField(error: unknown): { error?: string } {
  if (error === undefined) return {};
  return { error: logText(error instanceof Error ? `${error.name}: ${error.message}` : "something that is no error") };
}
