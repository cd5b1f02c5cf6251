import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { attemptName, type Limits, runId } from "#domain";
import type { Execution, ExecutionRequest, Sandbox } from "#ports";
import { LayeredWorkspaces } from "#workspace";
import { attackFolder, limits } from "./attack-place.ts";

export type AttackRequest = (file: string, args?: string[], changes?: Partial<Limits>) => ExecutionRequest;
type Reported = (file: string, ...args: string[]) => (sandbox: Sandbox) => Promise<string[]>;

/** Servers of the host on UDP, on a Unix socket with a path and on one without: what they receive has escaped. */
export async function attackBySockets(sandbox: Sandbox, folder: string, reported: Reported): Promise<string[]> {
  const received: string[] = [];
  const udp = createSocket("udp4").on("message", (message) => received.push(String(message)));
  udp.bind(0, "127.0.0.1");
  await once(udp, "listening");
  const abstract = `assay-host-${process.pid}`;
  const servers = [join(folder, "host.sock"), `\0${abstract}`].map((path) =>
    createServer((socket) => {
      received.push(`a connection to ${path}`);
      socket.destroy();
    }).listen(path),
  );
  try {
    await Promise.all(servers.map((server) => once(server, "listening")));
    const found = await reported(
      "sockets.py",
      String(udp.address().port),
      join(folder, "host.sock"),
      abstract,
    )(sandbox);
    await delay(100);
    return [...found, ...received];
  } finally {
    udp.close();
    for (const server of servers) server.close();
  }
}

/** A process of the host, started for this, is told apart from all others by its pid. */
export async function attackVictim(sandbox: Sandbox, reported: Reported): Promise<string[]> {
  const victim = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore", detached: true });
  try {
    const found = await reported("signals.py", String(victim.pid))(sandbox);
    await delay(100);
    const state = await readFile(`/proc/${victim.pid}/stat`, "utf8").catch(() => "gone");
    return /\) [SR] /.test(state) ? found : [...found, `the victim is not as it was: ${state}`];
  } finally {
    victim.kill("SIGKILL");
  }
}

/** One sandbox leaves marks; another, beside it or after it, looks for them. */
export async function attackNeighbour(sandbox: Sandbox, request: AttackRequest, beside: boolean): Promise<string[]> {
  const mark = `mark-${process.pid}-${beside ? "beside" : "after"}`;
  const look = async () => {
    const { stdout, stderr } = await sandbox.execute(request("neighbour.py", ["look", [...mark].reverse().join("")]));
    const found = stdout.text.split("\n").filter((line) => line.startsWith("ESCAPED"));
    return stdout.text.includes("DONE\n") ? found : [...found, `did not finish: ${stdout.text}${stderr.text}`];
  };
  if (!beside) {
    const { stdout, stderr } = await sandbox.execute(request("neighbour.py", ["plant", mark]));
    return stdout.text.includes("PLANTED") ? await look() : [`planted nothing: ${stderr.text}`];
  }
  await using session = await sandbox.open(request("neighbour.py", ["plant", mark, "stay"]));
  for await (const line of session.lines) if (line.includes("planted")) return await look();
  return ["planted nothing"];
}

export async function attackClock(sandbox: Sandbox, request: AttackRequest): Promise<string[]> {
  const started = performance.now();
  const execution = await sandbox.execute(request("clock.py", [], { wallMsMax: 1_500 }));
  const escapes = execution.stdout.text.split("\n").filter((line) => line.startsWith("ESCAPED"));
  const inTime = execution.termination.kind === "timed-out" && performance.now() - started < 15_000;
  return inTime ? escapes : [...escapes, `was not ended by the clock: ${told(execution)}`];
}

/** A workspace that is a copy is read by the host after the command wrote to it: nothing may be followed out of it. */
export async function attackByLinks(
  sandbox: Sandbox,
  { folder, secret }: { folder: string; secret: string },
): Promise<string[]> {
  const root = join(folder, "project");
  const outside = join(folder, "outside");
  await mkdir(join(root, "sub"), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, "b.py"), "of the host\n");
  for (const path of ["a.py", "sub/b.py", "c.txt", "swapped.py"]) await writeFile(join(root, path), "mine\n");
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(folder, "state"), overlay: false });
  const snapshot = await workspaces.snapshot(root);
  const found: string[] = [];
  {
    await using workspace = await workspaces.open(snapshot, attemptName(runId("test-00000001"), "links", "1"));
    const execution = await sandbox.execute({
      argv: ["/usr/bin/python3", join(attackFolder, "links.py"), secret, outside],
      cwd: root,
      env: {},
      workspace: await workspace.mount(),
      mounts: [{ source: attackFolder }],
      limits,
    });
    if (!execution.stdout.text.includes("DONE")) found.push(`did not finish: ${told(execution)}`);
    const texts = [await workspace.diff().catch(String)];
    for (const path of ["a.py", "sub/b.py", "swapped.py", "root/etc/hostname", "fifo"]) {
      texts.push((await workspace.read(path).catch(String)) ?? "");
    }
    if (texts.some((text) => text.includes("host's secret") || text.includes("of the host"))) {
      found.push("a file of the host was read through a link");
    }
    for (const path of ["a.py", "sub/b.py", "swapped.py"]) {
      await workspace.apply([{ kind: "rewrite", path, content: "overwritten\n" }]).catch(() => undefined);
    }
  }
  if ((await readFile(secret, "utf8").catch(() => "gone")) !== "the host's secret")
    found.push("the secret was written");
  if ((await readFile(join(outside, "b.py"), "utf8").catch(() => "gone")) !== "of the host\n") {
    found.push("a file beside the workspace was written or removed");
  }
  return found;
}

function told({ termination, stdout, stderr }: Execution): string {
  return JSON.stringify({ termination, stdout: stdout.text.slice(-300), stderr: stderr.text.slice(-600) });
}
