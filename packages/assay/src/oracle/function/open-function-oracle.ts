import { FaultError } from "#domain";
import type { FunctionLanguage, FunctionOracle, Sandbox } from "#ports";
import { javascriptSides } from "./javascript/javascript-sides.ts";
import { findPython } from "./python/find-python.ts";
import { ZygotePool } from "./python/zygote-pool.ts";
import { RelayOracle } from "./relay-oracle.ts";
import { pythonSides } from "./relay-python.ts";
import { wasmSides } from "./wasm/wasm-sides.ts";

export type OpenFunctionOracle = {
  language: FunctionLanguage;
  /** Checks made at the same time. */
  workers: number;
  /** Put candidates into WebAssembly also where the sandbox isolates: slow, for pure snippets. */
  wasm?: boolean;
};

/**
 * The strongest oracle for functions of a language that works on this machine: namespaces made inside the sandbox; else a fresh
 * sandbox for each candidate, bubblewrap or a container; without any, WebAssembly. Throws a `FaultError`: `tool-missing`,
 * `no-isolation`.
 */
export async function openFunctionOracle(sandbox: Sandbox, options: OpenFunctionOracle): Promise<FunctionOracle> {
  const { language, workers } = options;
  const probed = await sandbox.probe();
  if (probed.kind === "unavailable") throw new FaultError(probed.fault);
  const sides = language === "javascript" ? await javascriptSides() : pythonSides(await findPython());
  if (options.wasm === true || probed.isolation.kind === "none") {
    return new RelayOracle(sandbox, await wasmSides(language, sides.examiner), workers);
  }
  const pool = language === "python" ? await ZygotePool.open(sandbox, await findPython(), workers) : undefined;
  return pool ?? new RelayOracle(sandbox, sides, workers);
}
