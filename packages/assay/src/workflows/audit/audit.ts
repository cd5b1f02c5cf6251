import { FaultError, raise, suiteLimits, suiteWallMs } from "#domain";
import { type Cheat, readCheats } from "#oracle";
import { applyCheat } from "./apply-cheat.ts";
import { findBreak } from "./find-break.ts";
import { projectCommand } from "./project-command.ts";
import { runCommand } from "./run-command.ts";
import type { Audit, AuditTools, Break, CheatResult, Subject } from "./subject.ts";

/**
 * Shows which cheats a project's own test command would let through: the command has to succeed on the project as it is, to fail
 * on a change of it, and then to fail on the same change with each cheat beside it. Everything runs in the sandbox on copies;
 * `onResult` is called as each cheat is done. Faults of detection, of the sandbox, `tool-missing`, `interrupted`.
 */
export async function audit(
  tools: AuditTools,
  root: string,
  given: readonly [string, ...string[]],
  options: { signal: AbortSignal; onResult?: (result: CheatResult) => void },
): Promise<Audit> {
  tools.progress("reading the project");
  const snapshot = await tools.workspaces.snapshot(root);
  const detection = await tools.detector.detect(snapshot);
  if (detection.kind === "undetected") throw new FaultError(detection.fault);
  const { profile } = detection;
  const command = await projectCommand(profile, given);
  const first: Subject = { snapshot, profile, command, limits: suiteLimits, signal: options.signal };

  tools.progress("running the command on the project as it is");
  const plain = await runCommand(tools, first, []);
  if (plain.kind === "red") return { kind: "red", detail: `${plain.detail}\n${plain.lastWords}` };
  // A cheat that hangs is caught like one that fails, but should not take ten minutes for it.
  const subject: Subject = { ...first, limits: { ...suiteLimits, wallMsMax: suiteWallMs(plain.durationMs) } };

  const change = await findBreak(tools, subject);
  if (!("broken" in change)) return { kind: "unnoticed", tried: change.tried };
  const results: CheatResult[] = [];
  const cheats = await readCheats(cheatsFor(profile.language));
  for (const [index, cheat] of cheats.entries()) {
    tools.progress(`${index + 1} of ${cheats.length}: ${cheat.name}`);
    const result = await tryCheat(tools, subject, change, cheat);
    results.push(result);
    options.onResult?.(result);
  }
  return { kind: "audited", change, results };
}

async function tryCheat(tools: AuditTools, subject: Subject, change: Break, cheat: Cheat): Promise<CheatResult> {
  const { name, does } = cheat;
  const applied = await applyCheat(subject, change, cheat);
  if (applied.kind === "not-applicable") return { name, does, outcome: "not-applicable", detail: applied.reason };
  const end = await runCommand(tools, subject, applied.edits);
  return { name, does, outcome: end.kind === "green" ? "let-through" : "caught", detail: end.detail };
}

function cheatsFor(language: Subject["profile"]["language"]): "python" | "javascript" {
  switch (language) {
    case "python":
      return "python";
    case "javascript":
    case "typescript":
      return "javascript";
    default:
      return raise("oracle-unavailable", `there are no cheats for ${language} yet`, "audit a Python or Node project");
  }
}
