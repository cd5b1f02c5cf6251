import type { OptionTable } from "../javascript/command-options.ts";

/** Options of vitest's command line that decide which tests run and how; watching, reporting and coverage are left out. */
export const vitestOptions: OptionTable = {
  valued: new Set([
    "--config",
    "--dir",
    "--environment",
    "--exclude",
    "--hookTimeout",
    "--mode",
    "--pool",
    "--project",
    "--retry",
    "--root",
    "--testNamePattern",
    "--testTimeout",
    "--workspace",
  ]),
  switches: new Set(["--dom", "--globals", "--isolate", "--no-isolate", "--no-file-parallelism", "--single-thread"]),
  longNames: { "-c": "--config", "-r": "--root", "-t": "--testNamePattern", "-w": "--workspace" },
};
