import { Console } from "node:console";
import { type LogLevel, openLog } from "#app";
import { sanitizeLine } from "#report";
import { type RunningServer, serveProject } from "#server";

export type ServeCommandOptions = {
  port: number;
  host: string;
  runsMax: number;
  queuedMax: number;
  allowHost: string[];
  allowOrigin: string[];
  tlsInFront?: boolean;
  logLevel: LogLevel;
};

/** What does not come to its checkpoint in this time is left as after a crash, and goes on at the next start. */
const stopMsMax = 9_500;
/** A second signal within this time is an echo of the first: a terminal tells the whole process group. */
const echoMs = 500;

export async function serveCommand(directory: string, options: ServeCommandOptions): Promise<void> {
  // What a library prints is none of the daemon's words to scripts.
  globalThis.console = new Console(process.stderr);
  const { ASSAY_API_KEY: environmentKey } = process.env;
  const signals = stopSignals();
  const server = await serveProject({
    directory,
    host: options.host,
    port: options.port,
    runsMax: options.runsMax,
    queuedMax: options.queuedMax,
    allowedHosts: options.allowHost,
    allowedOrigins: options.allowOrigin,
    tlsInFront: options.tlsInFront === true,
    ...(environmentKey === undefined || environmentKey === "" ? {} : { environmentKey }),
    log: openLog(options.logLevel),
  });
  const { url, keyPath, root, takenUp } = server;
  process.stdout.write(
    `assay serves ${sanitizeLine(root)} at ${url}\n  key   ${sanitizeLine(keyPath)}\n  API   ${url}/docs\n`,
  );
  if (takenUp > 0) process.stdout.write(`  goes on with ${takenUp} run${takenUp === 1 ? "" : "s"}\n`);
  await signals.first;
  process.stderr.write("assay: stopping; runs go on when it is started again\n");
  process.exitCode = await stopInTime(server, signals.second);
}

/** 0: all came to its checkpoint. 130: it was not waited for. */
async function stopInTime(server: RunningServer, impatient: Promise<void>): Promise<number> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, stopMsMax).unref());
  const ended = await Promise.race([
    server.stop().then(() => "stopped" as const),
    Promise.race([impatient, late]).then(() => "left" as const),
  ]);
  if (ended === "stopped") return 0;
  // Something still holds the process; the journal is as after a crash, which the next start recovers from.
  process.exit(130);
}

function stopSignals(): { first: Promise<void>; second: Promise<void> } {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let firstAt: number | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        first.resolve();
      } else if (Date.now() - firstAt > echoMs) second.resolve();
    });
  }
  return { first: first.promise, second: second.promise };
}
