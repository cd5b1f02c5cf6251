import type { Result } from "@assay/sdk";
import { type OpenProject, openProject } from "#app";
import type { RunId } from "#domain";
import type { Standing } from "../run-answer.ts";
import type { Serving } from "../tool.ts";

/** Opens a project to look at; whoever disposes of it closes its journal. Faults: those of `Roots`, `not-a-project`. */
export async function openFor(serving: Serving, name: string | undefined): Promise<OpenProject> {
  await using resources = new AsyncDisposableStack();
  const project = resources.use(await openProject(await serving.roots.project(name), {}));
  serving.roots.refuseOutside(project.root);
  resources.move();
  return project;
}

/** How a run stands, from its journal and from what this server is doing. */
export async function standingOf(serving: Serving, project: OpenProject, run: RunId): Promise<Standing> {
  const listed = await project.listed(run);
  const drive = serving.drives.of(project.root, run);
  // Its process lives, but nothing in it drives the run.
  if (drive === undefined && listed.status === "running") {
    const fault = serving.drives.faultSince(run, listed.lastEventAt);
    if (fault !== undefined) return { run, state: "interrupted", summary: fault.message, fault };
  }
  const result = await resultOf(project, run);
  return {
    run,
    state: listed.status,
    summary: listed.summary,
    ...(drive?.now === undefined ? {} : { now: drive.now }),
    ...(result === undefined ? {} : { result }),
  };
}

async function resultOf(project: OpenProject, run: RunId): Promise<Result | undefined> {
  return (await project.events(run)).findLast((event) => event.type === "result");
}
