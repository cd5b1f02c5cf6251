import { constants } from "node:os";
import type { Termination } from "@assay/sdk";

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/**
 * A shell's and bubblewrap's reading of an exit code: 128 + n for death by signal n. A program that exits with such a code
 * of its own accord cannot be told apart from one that was killed. SIGXCPU comes from the CPU limit alone.
 */
export function terminationOfCode(code: number): Termination {
  const signal = code > 128 ? signalNames.get(code - 128) : undefined;
  return signal === undefined ? { kind: "exited", code } : terminationOfSignal(signal);
}

export function terminationOfSignal(signal: string): Termination {
  return signal === "SIGXCPU" ? { kind: "limited", by: "cpu" } : { kind: "signalled", signal };
}
