import type { Termination } from "@assay/sdk";
import { terminationOfCode } from "../supervise/exit-code.ts";
import type { Exit } from "../supervise/supervise.ts";
import { limitsLine } from "./container-arguments.ts";

/** What the engine recorded of a container that ended. */
export type ContainerState = { exitCode: number; oomKilled: boolean };

const messageCharactersMax = 2_000;

/** Exit codes by which engine, shell and `env` say that the command was never started; a command may use them too. */
const notStarted = [125, 126, 127];
/** How those three begin what they say about it. */
const startFailure = /^(?:Error: |docker: |env: |sh: |\/bin\/sh: )/m;

/** How a container's command ended. An engine that recorded nothing did not run it. */
export function terminationOfContainer(
  { code, signal, stderr, noise }: Exit,
  state: ContainerState | undefined,
): Termination {
  const told = stderr.trim().slice(-messageCharactersMax);
  if (state === undefined) {
    return { kind: "sandbox-fault", message: told !== "" ? told : `the engine ended early (${signal ?? code})` };
  }
  const [, killed = "0", refused = "0"] = limitsLine.exec(noise) ?? [];
  if (state.oomKilled || Number(killed) > 0) return { kind: "limited", by: "memory" };
  if (Number(refused) > 0) return { kind: "limited", by: "processes" };
  if (notStarted.includes(state.exitCode) && startFailure.test(told)) return { kind: "sandbox-fault", message: told };
  return terminationOfCode(state.exitCode);
}
