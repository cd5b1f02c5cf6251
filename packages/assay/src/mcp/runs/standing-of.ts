import type { Result } from "@assay/sdk";
import { type OpenProject, openProject } from "#app";
import { type RunId, raise } from "#domain";
import type { Standing } from "../run-answer.ts";
import type { Serving } from "../tool.ts";

/** Opens a project to look at; whoever disposes of it closes its journal. Faults: those of `Roots`, `not-a-project`. */
export async function openFor(serving: Serving, name: string | undefined): Promise<OpenProject> {
  const project = await openProject(await serving.roots.project(name), {});
  if (serving.roots.contains(project.root)) return project;
  await project[Symbol.asyncDispose]();
  // It was replaced by a link in between.
  raise("usage", `${project.root} is outside of the folders that this server was started for`);
}

/** How a run stands, from its journal and from what this server is doing. */
export async function standingOf(serving: Serving, project: OpenProject, run: RunId): Promise<Standing> {
  const listed = await project.listed(run);
  const drive = serving.drives.of(run);
  // Its process lives, but nothing in it drives the run.
  const fault = drive === undefined && listed.status === "running" ? serving.drives.faultOf(run) : undefined;
  if (fault !== undefined) return { run, state: "interrupted", summary: fault.message, fault };
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
