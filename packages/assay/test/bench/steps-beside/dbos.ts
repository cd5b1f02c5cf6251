import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { freePort, serverProcess } from "./server-process.ts";
import { atOnce, rivalModule, type System, stepResult, stepsOfTicket } from "./system.ts";

type Dbos = {
  DBOS: {
    setConfig(config: Record<string, unknown>): void;
    launch(): Promise<void>;
    shutdown(): Promise<void>;
    registerWorkflow(work: () => Promise<string>, config: { name: string }): () => Promise<string>;
    runStep<T>(step: () => Promise<T>, config: { name: string }): Promise<T>;
  };
};

/** DBOS on a Postgres of its own with fsync on; a step is acknowledged when its row is committed. */
export async function dbosSystem(folder: string): Promise<System> {
  await using resources = new AsyncDisposableStack();
  const port = await freePort();
  const data = join(folder, "postgres");
  const user = process.getuid?.() === 0 ? accountOf("postgres") : undefined;
  mkdirSync(data, { mode: 0o700 });
  if (user !== undefined) {
    chownSync(data, user.uid, user.gid);
    execFileSync("chmod", ["o+x", folder]);
  }
  const programs = postgresPrograms();
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust"], { ...user, stdio: "ignore" });
  resources.use(
    await serverProcess(
      [join(programs, "postgres"), "-D", data, "-p", String(port), "-k", data, "-h", "127.0.0.1"],
      () => answers(port),
      user,
    ),
  );
  const { DBOS } = rivalModule<Dbos>("@dbos-inc/dbos-sdk");
  DBOS.setConfig({
    name: "bench",
    systemDatabaseUrl: `postgresql://postgres@127.0.0.1:${port}/bench`,
    systemDatabasePoolSize: 20,
    runAdminServer: false,
    logLevel: "error",
  });
  const ticket = DBOS.registerWorkflow(
    async () => {
      for (let n = 0; n < stepsOfTicket; n++) await DBOS.runStep(async () => stepResult, { name: `step-${n}` });
      return "done";
    },
    { name: "ticket" },
  );
  await DBOS.launch();
  resources.defer(() => DBOS.shutdown());
  const owned = resources.move();
  return {
    name: "DBOS, Postgres",
    tickets: (count, parallel) => atOnce(count, parallel, ticket),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function postgresPrograms(): string {
  const [version] = readdirSync("/usr/lib/postgresql").sort().reverse();
  if (version === undefined) throw new Error("install Debian's postgresql");
  return join("/usr/lib/postgresql", version, "bin");
}

function accountOf(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
