import type { Isolation } from "@assay/sdk";
import type { CapturedOutput, Execution, SandboxSession } from "#ports";

const nothing: CapturedOutput = { text: "", totalBytes: 0, truncated: false };

/** The answer for a command that was not started. */
export function faultedExecution(message: string, isolation: Isolation): Execution {
  const termination = { kind: "sandbox-fault", message } as const;
  return { termination, stdout: nothing, stderr: nothing, channel: [], written: [], durationMs: 0, isolation };
}

/** A session that has ended before it began. */
export function faultedSession(message: string, isolation: Isolation): SandboxSession {
  const { channel: _, written: _none, ...ended } = faultedExecution(message, isolation);
  return {
    isolation,
    send: () => undefined,
    lines: (async function* () {})(),
    ended: Promise.resolve(ended),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
