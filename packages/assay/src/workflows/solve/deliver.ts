import { readFile } from "node:fs/promises";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import type { Fault, Result } from "@assay/sdk";
import { FaultError, fault } from "#domain";
import type { Run } from "#engine";
import { digestOf } from "#ports";
import { writeArtifact } from "#receipt";
import { fileDiff } from "#workspace";
import { placeWithin } from "./place-within.ts";
import type { SolveGoal, SolveTools } from "./tools.ts";

export type Delivered = { solution: NonNullable<Result["solution"]>; fault?: Fault };

/** Keeps a solution as a file in the run's folder; `folder` says what it is worth. */
export async function keepSolution(
  run: Run,
  tools: SolveTools,
  folder: "solution" | "best",
  { path, text }: { path: string; text: string },
): Promise<Delivered> {
  const place = join(tools.directories.runs, run.id, folder, basename(path));
  const digest = await run.step(`keep.${folder}`, { text }, () => writeArtifact(place, text));
  await run.emit({ type: "artifact-written", kind: "solution", path: place, digest });
  return { solution: { path: place } };
}

/**
 * Writes solution and patch where the user wants them, each whole or not at all. A file that is there is replaced only with `force`, and
 * where it is the solution already: after a crash the same is done again. What cannot be written takes no verdict back.
 * Where the run is bound to a folder, it is asked here where the places lead, whoever let the goal through and when.
 */
export async function deliver(
  run: Run,
  goal: SolveGoal,
  kept: Delivered,
  { path, text }: { path: string; text: string },
): Promise<Delivered> {
  const { patchOut, out } = goal;
  const target = out ?? goal.stub?.path ?? join(goal.root, basename(path));
  const refused = await run.step("deliver", { out, patchOut, text: digestOf(text) }, async () => {
    if (out === undefined && patchOut === undefined) return null;
    const within = run.writesWithin;
    const places = await Promise.all([target, patchOut ?? target].map((asked) => placeOf(asked, within)));
    const [targetPlace, patchPlace] = places;
    if (targetPlace === undefined || patchPlace === undefined) {
      return fault(
        "forbidden",
        "a solution is written into the project's own folders only",
        `name a file in ${within}`,
      );
    }
    const before = await readFile(targetPlace, "utf8").catch(() => undefined);
    // The patch first: it is against the file as it was.
    const patch = fileDiff(patchPath(goal.root, target), before, text);
    const patchRefused = patchOut === undefined ? undefined : await writeNew(patchPlace, patch, goal.force);
    return patchRefused ?? (out === undefined ? null : ((await writeNew(targetPlace, text, goal.force)) ?? null));
  });
  if (refused !== null) {
    await run.emit({ type: "note", level: "warning", message: `not written: ${refused.message}` });
    return { ...kept, fault: refused };
  }
  const written = out === undefined ? {} : { written: out };
  const patch = patchOut === undefined ? {} : { patch: patchOut };
  return { solution: { ...kept.solution, ...written, ...patch } };
}

async function placeOf(path: string, within: string | undefined): Promise<string | undefined> {
  return within === undefined ? path : await placeWithin(path, within);
}

/** As `git apply` in the project takes it; of a file elsewhere its name alone. */
function patchPath(root: string, target: string): string {
  const inside = relative(root, target);
  return inside.startsWith("..") || isAbsolute(inside) ? basename(target) : inside.split(sep).join("/");
}

async function writeNew(path: string, text: string, force: boolean): Promise<Fault | undefined> {
  const there = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    return error;
  });
  if (there === text) return undefined;
  if (there instanceof Error) return fault("tree-not-writable", `${path} cannot be written: ${there.message}`);
  if (there !== undefined && !force) {
    return fault("usage", `${path} is there already`, "replace it with --force, or name another file");
  }
  try {
    await writeArtifact(path, text);
    return undefined;
  } catch (error) {
    if (error instanceof FaultError) return { ...error.fault, code: "tree-not-writable" };
    throw error;
  }
}
