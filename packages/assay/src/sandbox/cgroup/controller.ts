import { accessSync, constants, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A cgroup folder below which this process may make groups with the `memory` or the `pids` controller. */
export type Controller = { version: "cgroup-v1" | "cgroup-v2"; parent: string };

export type Controllers = { memory: Controller | undefined; processes: Controller | undefined };

/** What a cgroup file system's table entries say: /proc/self/mountinfo and /proc/self/cgroup (cgroups(7)). */
export type CgroupTables = { mountinfo: string; membership: string };

export function readCgroupTables(): CgroupTables {
  const read = (path: string) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  return { mountinfo: read("/proc/self/mountinfo"), membership: read("/proc/self/cgroup") };
}

/** Which controllers can be used from here, v2 before v1; `undefined` where none is mounted or none may be written. */
export function findControllers(tables: CgroupTables): Controllers {
  return {
    memory: findV2(tables, "memory") ?? findV1(tables, "memory"),
    processes: findV2(tables, "pids") ?? findV1(tables, "pids"),
  };
}

/**
 * The nearest group, from our own upwards, that hands the controller to its children and that we may write. Never a
 * sibling's: what bounds this process keeps bounding the sandbox.
 */
function findV2(tables: CgroupTables, controller: string): Controller | undefined {
  const mount = mounts(tables.mountinfo).find(({ type }) => type === "cgroup2");
  const own = /^0::(\/.*)$/m.exec(tables.membership)?.[1];
  if (mount === undefined || own === undefined) return undefined;
  let parent = folderOf(mount, own);
  while (parent?.startsWith(mount.point)) {
    if (handsDown(parent, controller) && isWritable(parent)) return { version: "cgroup-v2", parent };
    if (parent === mount.point) break;
    parent = dirname(parent);
  }
  return undefined;
}

function findV1(tables: CgroupTables, controller: string): Controller | undefined {
  const mount = mounts(tables.mountinfo).find(
    ({ type, options }) => type === "cgroup" && options.split(",").includes(controller),
  );
  const own = tables.membership
    .split("\n")
    .map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line))
    .find((match) => match?.[1]?.split(",").includes(controller))?.[2];
  const parent = mount === undefined || own === undefined ? undefined : folderOf(mount, own);
  return parent !== undefined && isWritable(parent) ? { version: "cgroup-v1", parent } : undefined;
}

type Mount = { root: string; point: string; type: string; options: string };

function mounts(mountinfo: string): Mount[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [before, after] = line.split(" - ");
    const [, , , root, point] = before?.split(" ") ?? [];
    const [type, , options] = after?.split(" ") ?? [];
    return root && point && type && options ? [{ root, point, type, options }] : [];
  });
}

/** A container may see only a part of the hierarchy, mounted from `root`. */
function folderOf(mount: Mount, group: string): string | undefined {
  if (mount.root === "/") return join(mount.point, group);
  if (group === "/" || group === mount.root) return mount.point;
  return group.startsWith(`${mount.root}/`) ? join(mount.point, group.slice(mount.root.length)) : undefined;
}

function handsDown(folder: string, controller: string): boolean {
  try {
    return readFileSync(join(folder, "cgroup.subtree_control"), "utf8").trim().split(" ").includes(controller);
  } catch {
    return false;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    accessSync(join(folder, "cgroup.procs"), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
