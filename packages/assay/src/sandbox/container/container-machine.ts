import type { Fault, Isolation } from "@assay/sdk";
import { fault, functionLimits } from "#domain";
import { type ExecutionRequest, unprivilegedUid } from "#ports";
import { writeEtc } from "../launch/minimal-root.ts";
import { isGone, markOf, markText, ownMark } from "../process-mark.ts";
import { RuntimeDirectory } from "../runtime-directory.ts";
import { containerSeccompProfile } from "../seccomp/container-profile.ts";
import { runToEnd } from "../supervise/start.ts";
import { ownerLabel } from "./container-arguments.ts";
import { askEngine, type ContainerEngine, findEngines } from "./container-engine.ts";
import { startContainer } from "./container-launch.ts";
import { rootImage } from "./root-image.ts";

/** What this machine can do for containers, found once per process. */
export type ContainerMachine = {
  engine: ContainerEngine;
  image: string;
  runtime: RuntimeDirectory;
  /** Label of this process's containers. */
  owner: string;
  uid: number;
  etc: string;
  seccompProfile: string;
};

export type ContainerProbe = { kind: "available"; machine: ContainerMachine } | { kind: "unavailable"; fault: Fault };

let probed: Promise<ContainerProbe> | undefined;

/** Finds an engine that really runs a container here. Never rejects. */
export function probeContainers(): Promise<ContainerProbe> {
  probed ??= probe().catch((error: unknown) => unavailable(`containers cannot be tried: ${(error as Error).message}`));
  return probed;
}

async function probe(): Promise<ContainerProbe> {
  if (process.platform !== "linux") return unavailable(`containers are not used on ${process.platform}`);
  const engines = await findEngines();
  const failures: string[] = [];
  for (const found of engines) {
    // Podman's usual runtime refuses machines with both versions of cgroups; the other one does not.
    for (const globalArguments of found.program === "podman" ? [[], ["--runtime", "runc"]] : [[]]) {
      const engine = { ...found, globalArguments };
      const machine = await prepare(engine).catch((error: Error) => error);
      const failure = machine instanceof Error ? machine.message : await tryTrue(machine);
      if (failure === undefined && !(machine instanceof Error)) return { kind: "available", machine };
      failures.push(`${engine.program} ${globalArguments.join(" ")}: ${failure?.split("\n").at(-1)}`);
    }
  }
  return unavailable(failures.length === 0 ? "neither podman nor docker answers" : failures.join("; "));
}

function unavailable(message: string): ContainerProbe {
  const remedy = "install podman and runc, or start the Docker engine";
  return { kind: "unavailable", fault: fault("no-isolation", message, remedy) };
}

async function prepare(engine: ContainerEngine): Promise<ContainerMachine> {
  const runtime = RuntimeDirectory.create();
  await removeLeftovers(engine);
  const own = process.getuid?.() ?? 0;
  // Docker's daemon is root, whoever asks it.
  const uid = own === 0 ? unprivilegedUid : own;
  return {
    engine,
    image: await rootImage(engine, runtime),
    runtime,
    owner: `${markText(ownMark())}-`,
    uid,
    etc: writeEtc(runtime, uid),
    seccompProfile: runtime.write("seccomp.json", containerSeccompProfile()),
  };
}

/** Containers outlive a process that is killed: whoever comes next ends them. */
async function removeLeftovers(engine: ContainerEngine): Promise<void> {
  const format = `{{.ID}} {{index .Labels "${ownerLabel}"}}`;
  const listed = await askEngine(engine, ["ps", "--all", "--filter", `label=${ownerLabel}`, "--format", format]);
  const left = listed.split("\n").flatMap((line) => {
    const [id, owner] = line.split(" ");
    const mark = owner === undefined ? undefined : markOf(owner);
    return id !== undefined && mark !== undefined && isGone(mark) ? [id] : [];
  });
  if (left.length > 0) await askEngine(engine, ["rm", "--force", ...left]).catch(() => "");
}

/** Why `true` cannot be run; `undefined` when it can. */
async function tryTrue(machine: ContainerMachine): Promise<string | undefined> {
  const request: ExecutionRequest = {
    argv: ["true"],
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    mounts: [],
    limits: functionLimits,
  };
  const { termination } = await runToEnd(startContainer(machine, request), request);
  if (termination.kind === "exited" && termination.code === 0) return undefined;
  return termination.kind === "sandbox-fault" ? termination.message : JSON.stringify(termination);
}

export function containerIsolation({ engine, uid }: ContainerMachine): Isolation {
  return {
    kind: "container",
    version: `${engine.program} ${engine.version}`,
    uid,
    network: "none",
    seccomp: true,
    // The engine does not tell which version of cgroups it uses; that it uses one was tried.
    memory: "cgroup-v2",
    processes: "cgroup-v2",
    workspace: "copy",
  };
}
