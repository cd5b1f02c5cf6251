import { raise } from "#domain";
import type { FunctionLanguage, FunctionOracle, Sandbox } from "#ports";
import { javascriptSides } from "./javascript/javascript-sides.ts";
import { findPython } from "./python/find-python.ts";
import { ZygotePool } from "./python/zygote-pool.ts";
import { RelayOracle } from "./relay-oracle.ts";
import { pythonSides } from "./relay-python.ts";

export type OpenFunctionOracle = {
  language: FunctionLanguage;
  /** Checks made at the same time. */
  workers: number;
};

/** The strongest oracle for functions of a language that works on this machine. Throws a `FaultError`: `tool-missing`, `no-isolation`. */
export async function openFunctionOracle(sandbox: Sandbox, options: OpenFunctionOracle): Promise<FunctionOracle> {
  const { language, workers } = options;
  if ((await sandbox.probe()).kind === "available") {
    if (language === "javascript") return new RelayOracle(sandbox, await javascriptSides(), workers);
    const python = await findPython();
    return (await ZygotePool.open(sandbox, python, workers)) ?? new RelayOracle(sandbox, pythonSides(python), workers);
  }
  return raise("no-isolation", `functions in ${language} cannot be isolated here`, "run `assay doctor`");
}
