import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { systemPath } from "../launch/system-path.ts";

/** A container engine that is asked by its command line. */
export type ContainerEngine = {
  program: "podman" | "docker";
  version: string;
  /** What stands before the subcommand: an OCI runtime that works here where the default one does not. */
  globalArguments: readonly string[];
  /** Run by an ordinary user, who is root in the engine's user namespace. */
  rootless: boolean;
};

const answerMsMax = 60_000;

/** What an engine's program reads of the environment to find its storage and its daemon; nothing of it reaches a container. */
export function engineEnvironment(): Record<string, string> {
  const passed = [
    "HOME",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "DOCKER_HOST",
    "CONTAINER_HOST",
    "USER",
  ];
  const env: Record<string, string> = { PATH: systemPath };
  for (const name of passed) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Asks the engine something short. Rejects with what it printed. */
export async function askEngine(
  engine: Pick<ContainerEngine, "program" | "globalArguments">,
  args: readonly string[],
): Promise<string> {
  const { stdout } = await promisify(execFile)(engine.program, [...engine.globalArguments, ...args], {
    env: engineEnvironment(),
    timeout: answerMsMax,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.trim();
}

/** The engines whose programs answer on this machine, Podman first: it needs no daemon. */
export async function findEngines(): Promise<ContainerEngine[]> {
  const found: ContainerEngine[] = [];
  for (const program of ["podman", "docker"] as const) {
    try {
      const engine = { program, globalArguments: [] };
      const format = program === "podman" ? "{{.Version.Version}}" : "{{.ServerVersion}}";
      const version = await askEngine(engine, ["info", "--format", format]);
      found.push({ ...engine, version, rootless: (process.getuid?.() ?? 0) !== 0 && program === "podman" });
    } catch {
      // Not installed, or nobody who answers behind it.
    }
  }
  return found;
}
