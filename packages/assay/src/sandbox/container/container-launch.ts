import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { raise } from "#domain";
import type { ExecutionRequest } from "#ports";
import { diskGuards } from "../supervise/disk-guard.ts";
import type { Prepared } from "../supervise/start.ts";
import { startProcess } from "../supervise/start-process.ts";
import { containerArguments, limitsLine } from "./container-arguments.ts";
import { terminationOfContainer } from "./container-end.ts";
import { askEngine, engineEnvironment } from "./container-engine.ts";
import { type ContainerMachine, containerIsolation } from "./container-machine.ts";
import { ContainerTree } from "./container-tree.ts";

/**
 * Descriptors do not reach a container, so what its command writes to descriptor 3 comes through a named pipe. It is kept open here
 * until the container has ended: a reader would otherwise wait for ever for one that never started.
 */
const channelScript = [
  'pipe=$1; owner=$2; shift 2; mkfifo -m 600 "$pipe" && chown "$owner" "$pipe" || exit 125',
  'exec 9<>"$pipe"; cat <"$pipe" >&3 9>&- &',
  '"$@" 3>&- 4>&- 5>&- 9>&-; code=$?; exec 9>&-; wait; exit $code',
].join("\n");

/** Starts a container for the request's command. Throws a `FaultError` for a request that no container can carry out. */
export function startContainer(machine: ContainerMachine, request: ExecutionRequest): Prepared {
  checkRequest(request);
  const { engine, runtime, uid } = machine;
  const folder = runtime.launchFolder();
  const name = `assay-${randomBytes(12).toString("hex")}`;
  const channel = join(folder, "channel");
  const args = containerArguments({ ...machine, name, channel }, request);
  const started = startProcess({
    file: "/bin/sh",
    args: ["-c", channelScript, "sh", channel, String(uid), engine.program, ...args],
    env: engineEnvironment(),
  });
  const tree = new ContainerTree(engine, name, started.child);
  return {
    process: started,
    isolation: { ...containerIsolation(machine), workspace: request.workspace?.method ?? "copy" },
    guards: diskGuards(request.workspace, request.limits),
    tree,
    onStatus: () => undefined,
    launcherNoise: limitsLine,
    interpret: (exit) => terminationOfContainer(exit, tree.state),
    written: () => [],
    release: async () => {
      await askEngine(engine, ["rm", "--force", name]).catch(() => "");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function checkRequest({ argv, cwd, env, mounts, workspace, mayNest }: ExecutionRequest): void {
  if (mayNest === true) raise("sandbox-failed", "namespaces cannot be made inside a container");
  if (workspace?.method === "overlay") raise("sandbox-failed", "an overlay cannot be mounted for a container");
  if (argv[0].includes("=")) raise("sandbox-failed", `not the name of a program: ${JSON.stringify(argv[0])}`);
  const paths = [
    cwd,
    ...mounts.map(({ source, target }) => target ?? source),
    ...(workspace ? [workspace.target] : []),
  ];
  const relative = paths.find((path) => !path.startsWith("/"));
  if (relative !== undefined) raise("sandbox-failed", `not an absolute path: ${JSON.stringify(relative)}`);
  const strings = [...argv, ...paths, ...Object.keys(env), ...Object.values(env)];
  if (strings.some((text) => text.includes("\0"))) raise("sandbox-failed", "an argument holds a NUL character");
  const name = Object.keys(env).find((key) => key === "" || key.includes("="));
  if (name !== undefined) raise("sandbox-failed", `not a name of an environment variable: ${JSON.stringify(name)}`);
}
