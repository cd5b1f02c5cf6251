import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { FaultError, fault, type Limits } from "#domain";
import { type FunctionCheck, nestedFilterPath, type ReadOnlyMount, type Sandbox, type SandboxSession } from "#ports";
import type { SystemPython } from "../../detect/python/system-python.ts";
import { type Examined, lineSchema, type ToldByZygote } from "./zygote-messages.ts";

const assets: ReadOnlyMount = {
  source: fileURLToPath(new URL("./assets/", import.meta.url)),
  target: "/assay/function",
};

/** As `zygote.py` reads it. */
const headerBytes = 256;
/** Beyond a check's own deadline, before a silent zygote is given up. */
const graceMs = 5_000;
const readyMsMax = 30_000;
const mebibyte = 1024 * 1024;

/** A warm interpreter in one sandbox that makes one check at a time. Once `dead`, it makes none any more. */
export class Zygote implements AsyncDisposable {
  readonly isolation: SandboxSession["isolation"];
  readonly #session: SandboxSession;
  readonly #lines: AsyncIterator<string>;
  #next = 1;
  dead = false;

  private constructor(session: SandboxSession) {
    this.#session = session;
    this.isolation = { ...session.isolation, kind: "namespaces", seccomp: true };
    this.#lines = session.lines[Symbol.asyncIterator]();
  }

  /** `undefined` when it does not come up. */
  static async open(sandbox: Sandbox, python: SystemPython): Promise<Zygote | undefined> {
    const session = await sandbox.open({
      argv: [python.path, "-I", "-S", "-B", "-u", "-c", startScript, nestedFilterPath],
      cwd: "/",
      env: { LANG: "C.UTF-8", PYTHONHASHSEED: "0" },
      mounts: [...python.mounts, assets],
      limits: zygoteLimits,
      mayNest: true,
    });
    const zygote = new Zygote(session);
    const first = await zygote.#read(readyMsMax);
    if (first !== undefined && "ready" in first) return zygote;
    await zygote[Symbol.asyncDispose]();
    return undefined;
  }

  /** What became of a check; throws a `FaultError` of code `sandbox-failed` when the zygote failed it and is dead. */
  async check(check: FunctionCheck): Promise<ToldByZygote> {
    const id = this.#next++;
    const secret = randomBytes(16).toString("hex");
    const body = `${JSON.stringify({
      secret,
      candidate: check.candidate,
      entry: check.entryPoint,
      preamble: check.preamble,
      tests: check.tests,
    })}\n`;
    const { limits } = check;
    const header = JSON.stringify({
      id,
      bodyBytes: Buffer.byteLength(body),
      wallMsMax: limits.wallMsMax,
      cpuMsMax: limits.cpuMsMax,
      memoryBytesMax: limits.memoryBytesMax,
      processesMax: limits.processesMax,
      fileBytesMax: 16 * mebibyte,
      diskBytesMax: 16 * mebibyte,
      frameBytesMax: limits.frameBytesMax,
    });
    // The session ends each of the two with a line feed of its own.
    this.#session.send(header.padEnd(headerBytes - 1));
    this.#session.send(body.slice(0, -1));
    return await this.#answer(id, secret, limits.wallMsMax + graceMs);
  }

  async #answer(id: number, secret: string, msMax: number): Promise<ToldByZygote> {
    let examined: Examined | undefined;
    let calls = 0;
    for (;;) {
      const line = await this.#read(msMax);
      if (line === undefined) return this.#fail("the warm interpreter is gone or does not answer");
      if ("ready" in line || line.id !== id) continue;
      if (line.by === "examiner") {
        if (line.secret !== secret) return this.#fail("an answer with another secret");
        examined = line.outcome;
        calls = line.calls;
      } else if ("fault" in line) return this.#fail(`no namespaces could be made: ${line.fault}`);
      else return { ...line, examined, calls };
    }
  }

  #fail(message: string): never {
    this.dead = true;
    throw new FaultError(fault("sandbox-failed", message, "run `assay doctor`"));
  }

  async #read(msMax: number) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), msMax);
    });
    try {
      const next = await Promise.race([this.#lines.next(), late]);
      if (next === undefined || next.done === true) return undefined;
      return lineSchema.parse(JSON.parse(next.value));
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dead = true;
    await this.#session[Symbol.asyncDispose]();
  }
}

/** Isolated mode looks neither at the environment nor into folders: it is told where the modules are. */
const startScript = `import sys; sys.path.insert(0, "${assets.target}"); import zygote; zygote.main()`;

/** Of a warm interpreter and all it ever makes; each check has limits of its own. */
const zygoteLimits: Limits = {
  wallMsMax: 24 * 3600_000,
  cpuSecondsMax: 24 * 3600,
  memoryBytesMax: 2048 * mebibyte,
  processesMax: 256,
  fileBytesMax: 64 * mebibyte,
  diskBytesMax: 64 * mebibyte,
  outputBytesMax: 16 * mebibyte,
};
