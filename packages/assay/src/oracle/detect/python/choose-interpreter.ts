import type { PythonInterpreter, UnsuitablePython } from "./interpreter.ts";
import { askSystemPython, findSystemPythons } from "./system-python.ts";
import { findActiveEnvironments, findVirtualEnvironments, readVirtualEnvironment } from "./virtual-environment.ts";

export type InterpreterChoice =
  | { kind: "found"; interpreter: PythonInterpreter }
  | { kind: "missing"; tried: UnsuitablePython[]; virtualEnvironment?: string };

/** The project's own environments first, then one that is active, then the machine's Pythons; the first that has pytest. */
export async function chooseInterpreter(root: string, pinned: string | undefined): Promise<InterpreterChoice> {
  const tried: UnsuitablePython[] = [];
  const environments = [...(await findVirtualEnvironments(root)), ...(await findActiveEnvironments(root))];
  for (const folder of environments) {
    const read = await readVirtualEnvironment(folder, root);
    if ("version" in read) return { kind: "found", interpreter: read };
    tried.push(read);
  }
  for (const path of await findSystemPythons(root, pinned)) {
    const asked = await askSystemPython(path);
    if ("version" in asked) {
      const details = tried.map((other) => `${other.path} is not used: ${other.reason}.`);
      return { kind: "found", interpreter: { ...asked, details: [...details, ...asked.details] } };
    }
    if (!tried.some((other) => other.path === asked.path)) tried.push(asked);
  }
  const [virtualEnvironment] = environments;
  return { kind: "missing", tried, ...(virtualEnvironment === undefined ? {} : { virtualEnvironment }) };
}
