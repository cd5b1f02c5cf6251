import type { Edit, Termination } from "@assay/sdk";
import { assertNever, attemptName, raise, runId } from "#domain";
import type { AuditTools, Subject } from "./subject.ts";

/** How the command ended: `green` is what whoever trusts it takes for a pass. */
export type CommandEnd = { kind: "green" | "red"; detail: string; lastWords: string; durationMs: number };

const lastWordsMax = 1_200;
const lastLinesMax = 12;

/**
 * Runs the command once, in a fresh sandbox on a copy of the project with these edits. Faults: `interrupted`, `sandbox-failed`,
 * `patch-rejected` for edits that cannot be made.
 */
export async function runCommand(
  tools: AuditTools,
  { snapshot, profile, command, limits, signal }: Subject,
  edits: readonly Edit[],
): Promise<CommandEnd> {
  await using workspace = await tools.workspaces.open(snapshot, attemptName(auditRun, "audit", "1"));
  const applied = await workspace.apply(edits);
  if (applied.kind === "failed") {
    const [first] = applied.problems;
    // Not a fault of the machine: what cannot be put into a workspace cannot come with a change either.
    raise("patch-rejected", `a change could not be made in ${first?.path}: ${first?.message}`);
  }
  const { argv, env, mounts } = command;
  const { termination, stdout, stderr, durationMs } = await tools.sandbox.execute({
    argv,
    cwd: profile.root,
    env,
    workspace: await workspace.mount(),
    mounts,
    limits,
    signal,
  });
  const green = termination.kind === "exited" && termination.code === 0;
  const printed = `${stdout.text}\n${stderr.text}`;
  const lastWords = [...endOf(printed), ...(wantsNetwork.test(printed) ? ["(the sandbox has no network)"] : [])];
  return { kind: green ? "green" : "red", detail: describe(termination), lastWords: lastWords.join("\n"), durationMs };
}

const wantsNetwork =
  /ENOTFOUND|EAI_AGAIN|ENETUNREACH|Could not resolve host|Name or service not known|Temporary failure in name resolution|Network is unreachable/;

/** The last whole lines, few enough to be read. */
function endOf(printed: string): string[] {
  const text = printed.trim();
  const lines = text.slice(-lastWordsMax).split("\n");
  return (text.length > lastWordsMax && lines.length > 1 ? lines.slice(1) : lines).slice(-lastLinesMax);
}

/** One audit runs in a process, and one command at a time in it. */
const auditRun = runId(`audit-${String(process.pid).padStart(8, "0")}`);

function describe(termination: Termination): string {
  switch (termination.kind) {
    case "exited":
      return `exit code ${termination.code}`;
    case "signalled":
      return `ended by ${termination.signal}`;
    case "timed-out":
      return `did not end within ${termination.wallMsMax / 1000} s`;
    case "limited":
      return `ended at its limit of ${termination.by}`;
    case "cancelled":
      raise("interrupted", "interrupted while the command ran");
      break;
    case "sandbox-fault":
      raise("sandbox-failed", `the command could not be run: ${termination.message}`, "run `assay doctor`");
      break;
    default:
      return assertNever(termination);
  }
}
