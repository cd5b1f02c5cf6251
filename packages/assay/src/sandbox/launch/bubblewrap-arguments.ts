import type { ExecutionRequest } from "#ports";
import { seccompDescriptor, statusDescriptor } from "./launch-script.ts";

export type BoundPath = { source: string; target: string; writable: boolean };

export type BubblewrapPlan = {
  root: readonly string[];
  uid: number;
  /** In any order. */
  bound: readonly BoundPath[];
  /** The host folder to appear as /tmp. */
  tmp: string;
  /** And as /dev/shm: on the same disk, which bounds the number of files too. */
  sharedMemory: string;
};

/** All of bubblewrap's options for a request; the same for the same input. */
export function bubblewrapArguments(plan: BubblewrapPlan, request: ExecutionRequest): string[] {
  const { cwd, env } = request;
  const depth = (path: string) => path.split("/").filter((part) => part !== "").length;
  // A folder before what lies below it, or it would hide that.
  const bound = plan.bound.toSorted((a, b) => depth(a.target) - depth(b.target));
  return [
    "--unshare-all",
    "--unshare-user",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    ...["--uid", String(plan.uid), "--gid", String(plan.uid)],
    ...["--hostname", "assay"],
    // Started by a user namespace's root, bubblewrap would leave the command all capabilities in its own.
    ...["--cap-drop", "ALL"],
    ...plan.root,
    ...["--bind", plan.sharedMemory, "/dev/shm"],
    ...["--remount-ro", "/dev"],
    ...["--bind", plan.tmp, "/tmp"],
    ...bound.flatMap(({ source, target, writable }) => [writable ? "--bind" : "--ro-bind", source, target]),
    // Last: the mount points above had to be made in it.
    ...["--remount-ro", "/"],
    ...Object.entries({ HOME: "/tmp", ...env }).flatMap(([name, value]) => ["--setenv", name, value]),
    ...(request.mayNest === true ? [] : ["--seccomp", String(seccompDescriptor)]),
    ...["--json-status-fd", String(statusDescriptor)],
    ...["--chdir", cwd],
  ];
}
