import { spawn } from "node:child_process";

export type Command = readonly [string, ...string[]];

export type CommandResult =
  | { kind: "exited"; code: number; output: string }
  /** No such program, or it may not be started. */
  | { kind: "not-started"; message: string }
  | { kind: "timed-out"; limitMs: number };

/**
 * Starts programs of this machine itself, never of a project.
 * - Never throws; what went wrong is in the result.
 * - `output` is stdout and stderr together, at most `outputCharactersMax` from the end.
 * - Ends the program when `limitMs` has passed.
 */
export interface CommandRunner {
  run(command: Command, limitMs: number): Promise<CommandResult>;
}

const outputCharactersMax = 64 * 1024;

export const systemCommands: CommandRunner = {
  run(command, limitMs) {
    const [program, ...args] = command;
    return new Promise((resolve) => {
      const child = spawn(program, args, {
        stdio: ["ignore", "pipe", "pipe"],
        timeout: limitMs,
        killSignal: "SIGKILL",
      });
      const startedAt = performance.now();
      let output = "";
      const keep = (chunk: Buffer) => {
        output = (output + chunk.toString("utf8")).slice(-outputCharactersMax);
      };
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      child.on("error", (error) => resolve({ kind: "not-started", message: error.message }));
      child.on("close", (code) => {
        if (code === null && performance.now() - startedAt >= limitMs) resolve({ kind: "timed-out", limitMs });
        else resolve({ kind: "exited", code: code ?? 1, output });
      });
    });
  },
};
