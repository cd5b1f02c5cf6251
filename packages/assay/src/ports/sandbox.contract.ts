import { existsSync, readFileSync, realpathSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, type TestContext, test } from "vitest";
import { functionLimits, outputBytesKept } from "#domain";
import { representative } from "../../test/support/depth.ts";
import { type Scratch, scratch } from "../../test/support/scratch.ts";
import type { ExecutionRequest, Sandbox } from "./sandbox.ts";

/**
 * What every implementation of `Sandbox` does at its level of isolation; what only a boundary gives is in the tests of
 * escapes. Skipped with the probe's fault where the implementation cannot work.
 */
export function sandboxContract(
  title: string,
  /** `container`: isolated, without overlays. */
  level: "isolated" | "container" | "none",
  make: () => Sandbox | Promise<Sandbox>,
): void {
  let space: Scratch;
  let sandbox: Sandbox;

  beforeEach(async () => {
    space = await scratch();
    await chmod(space.path, 0o777);
    sandbox = await make();
  });
  afterEach(() => space[Symbol.asyncDispose]());

  const request = (script: string, changes: Partial<ExecutionRequest> = {}): ExecutionRequest => ({
    argv: ["/bin/sh", "-c", script],
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    mounts: [],
    limits: { ...functionLimits, wallMsMax: 30_000 },
    ...changes,
  });
  let index = 0;
  const isTest = (title_: string, run: (context: TestContext) => Promise<void>) => {
    index += 1;
    // An engine takes seconds for each container: `npm test` takes one test in three there.
    if (level === "container" && representative && index % 3 !== 1) return;
    test(title_, async (context) => {
      const probed = await sandbox.probe();
      if (probed.kind === "unavailable") context.skip(probed.fault.message);
      await run(context);
    });
  };

  describe(`${title}: a command`, () => {
    isTest("gives its exit code, its outputs, its channel and its isolation", async () => {
      const script = "cat; echo err >&2; printf 'one\\nzwö\\nunfinished' >&3; exit 7";
      const execution = await sandbox.execute(request(script, { stdin: "in\n" }));
      expect(execution.termination).toEqual({ kind: "exited", code: 7 });
      expect(execution.stdout).toEqual({ text: "in\n", totalBytes: 3, truncated: false });
      expect(execution.stderr.text).toBe("err\n");
      expect(execution.channel).toEqual(["one", "zwö"]);
      expect(execution.isolation.kind === "none").toBe(level === "none");
      expect(execution.isolation.network).toBe(level === "none" ? "host" : "none");
      expect(execution.isolation.seccomp).toBe(level !== "none");
    });

    isTest("inherits nothing from the environment", async () => {
      process.env.ASSAY_CONTRACT_SECRET = "1";
      const { stdout } = await sandbox.execute(
        request("env", { env: { PATH: "/usr/bin:/bin", GIVEN: "a 'b' \"c\" $d\n" } }),
      );
      expect(stdout.text).toContain("GIVEN=a 'b' \"c\" $d\n");
      expect(stdout.text).toContain("HOME=/tmp");
      expect(stdout.text).not.toContain("ASSAY_CONTRACT_SECRET");
    });

    isTest("can write to its home and to a temporary folder", async () => {
      const { stdout } = await sandbox.execute(
        request('file=$(mktemp "$HOME/assay-contract-XXXXXX") && rm "$file" && echo ok'),
      );
      expect(stdout.text).toBe("ok\n");
    });

    isTest("takes its arguments as they are", async () => {
      const words = ["", " ", "-x", "$(id)", "a'b", 'c"d', "ü\n", "*"];
      const argv = ["/bin/sh", "-c", 'for word; do printf "<%s>" "$word"; done', "sh", ...words] as const;
      const { stdout } = await sandbox.execute(request("", { argv: [...argv] }));
      expect(stdout.text).toBe(words.map((word) => `<${word}>`).join(""));
    });

    isTest("that a signal ends is told by the signal", async () => {
      const { termination } = await sandbox.execute(request("kill -SEGV $$"));
      expect(termination).toEqual({ kind: "signalled", signal: "SIGSEGV" });
    });

    isTest("that cannot be started is a fault, with the reason", async () => {
      const { termination } = await sandbox.execute(request("", { argv: ["assay-no-such-program"] }));
      expect(termination).toMatchObject({
        kind: "sandbox-fault",
        message: expect.stringMatching(/assay-no-such-program|ENOENT/),
      });
    });

    isTest("is ended with all it started when its time is up, though it ignores signals", async () => {
      const stubborn = "trap '' TERM INT HUP; (trap '' TERM; setsid sh -c 'sleep 30; echo' &) ; sleep 30";
      const limits = { ...functionLimits, wallMsMax: 500 };
      const { termination } = await sandbox.execute(request(stubborn, { limits }));
      expect(termination).toEqual({ kind: "timed-out", wallMsMax: 500 });
    });

    isTest("is ended when it is cancelled, before or during its run", async () => {
      const controller = new AbortController();
      const running = sandbox.execute(request("sleep 30", { signal: controller.signal }));
      setTimeout(() => controller.abort(), 200);
      expect((await running).termination).toEqual({ kind: "cancelled" });
      const never = await sandbox.execute(request("sleep 30", { signal: AbortSignal.abort() }));
      expect(never.termination).toEqual({ kind: "cancelled" });
    });

    isTest("keeps head and tail of a long output, and is ended beyond the bound", async () => {
      const long = await sandbox.execute(request("echo HEAD; head -c 3000000 /dev/zero | tr '\\0' x; echo TAIL"));
      expect(long.stdout).toMatchObject({ totalBytes: 3_000_010, truncated: true });
      expect(long.stdout.text.startsWith("HEAD\n")).toBe(true);
      expect(long.stdout.text.endsWith("TAIL\n")).toBe(true);
      expect(long.stdout.text.length).toBeLessThan(outputBytesKept + 100);
      const limits = { ...functionLimits, outputBytesMax: 1_000_000 };
      const flood = await sandbox.execute(request("yes >&2", { limits }));
      expect(flood.termination).toEqual({ kind: "limited", by: "output" });
    });

    isTest("is ended for its CPU seconds", async () => {
      const limits = { ...functionLimits, cpuSecondsMax: 1, wallMsMax: 30_000 };
      const { termination } = await sandbox.execute(request("while :; do :; done", { limits }));
      expect(termination).toEqual({ kind: "limited", by: "cpu" });
    });

    isTest("works on a copy in place, at its target, below any name", async () => {
      const directory = await space.tree("kö py: a, b", { file: "1\n", "sub dir/x": "x" });
      await chmod(directory, 0o777);
      const target = level === "none" ? directory : "/wörk: a, b";
      const workspace = { target, method: "copy", directory } as const;
      const execution = await sandbox.execute(request("cat file; echo 2 >new; pwd", { cwd: target, workspace }));
      expect(execution.stdout.text).toBe(`1\n${target}\n`);
      expect(readFileSync(join(directory, "new"), "utf8")).toBe("2\n");
      expect(execution.isolation.workspace).toBe("copy");
    });

    isTest("sees a mount, and several commands at once do not disturb one another", async () => {
      const source = await space.tree("mounted: ü, 1", { a: "A\n" });
      const runs = Array.from({ length: 4 }, (_, index) =>
        sandbox.execute(request(`cat "${source}/a"; echo ${index}`, { mounts: [{ source }] })),
      );
      const texts = (await Promise.all(runs)).map(({ stdout }) => stdout.text);
      expect(texts).toEqual([0, 1, 2, 3].map((index) => `A\n${index}\n`));
    });
  });

  describe(`${title}: a mounted Unix socket`, () => {
    isTest("is how a command reaches what listens there, and nothing else", async () => {
      const path = join(space.path, "socket");
      const server = createServer((connection) => connection.end("from outside\n"));
      await new Promise<void>((resolve) => server.listen(path, resolve));
      await chmod(path, 0o666);
      try {
        const target = level === "none" ? path : "/served: ü.sock";
        const node = { source: realpathSync(process.execPath) };
        const script = `require("node:net").connect(${JSON.stringify(target)}).pipe(process.stdout)`;
        const execution = await sandbox.execute(
          request("", { argv: [node.source, "-e", script], mounts: [node, { source: path, target }] }),
        );
        expect(execution.stderr.text).toBe("");
        expect(execution.stdout.text).toBe("from outside\n");
        expect(execution.isolation.network).toBe(level === "none" ? "host" : "none");
      } finally {
        server.close();
      }
    });
  });

  describe(`${title}: a session`, () => {
    isTest("answers line by line and ends with the command", async () => {
      const session = await sandbox.open(
        request('while read -r line; do echo "got $line" >&3; [ "$line" = end ] && exit 3; done'),
      );
      const lines: string[] = [];
      session.send("ä");
      for await (const line of session.lines) {
        lines.push(line);
        if (lines.length === 1) session.send("end");
      }
      expect(lines).toEqual(["got ä", "got end"]);
      expect((await session.ended).termination).toEqual({ kind: "exited", code: 3 });
      session.send("to nobody");
      await session[Symbol.asyncDispose]();
    });

    isTest("is ended by its scope", async () => {
      let ended: Promise<{ termination: unknown }>;
      {
        await using session = await sandbox.open(request("sleep 30"));
        ended = session.ended;
      }
      expect((await ended).termination).toEqual({ kind: "cancelled" });
    });

    isTest("that nobody reads makes the command wait, not the memory grow", async () => {
      const session = await sandbox.open(
        request("yes 0123456789012345678901234567890123456789 | head -c 40000000 >&3; echo done"),
      );
      let count = 0;
      for await (const _ of session.lines) count++;
      expect(count).toBe(Math.floor(40_000_000 / 41));
      expect((await session.ended).termination).toEqual({ kind: "exited", code: 0 });
    });
  });

  if (level !== "isolated") return;
  describe(`${title}: an overlay workspace`, () => {
    isTest("shows its layers as one, writes to none of them and hides what was removed", async () => {
      const upper = await space.tree("upper: ö, 1", { file: "upper\n", "gone/x": "" });
      const lower = await space.tree("lower, 2", { file: "lower\n", only: "only\n", removed: "" });
      for (const folder of [upper, lower]) await chmod(folder, 0o777);
      await mkdir(join(lower, "made"));
      await writeFile(join(lower, "made/removed"), "");
      for (const folder of ["made"]) await chmod(join(lower, folder), 0o777);
      const target = "/pröject: 1, 2";
      const workspace = {
        target,
        method: "overlay",
        layers: [upper, lower],
        removed: ["removed", "made/removed"],
      } as const;
      const script = "cat file only; ls removed made/removed; echo new >new; cat new";
      const execution = await sandbox.execute(request(script, { cwd: target, workspace }));
      expect(execution.stdout.text).toBe("upper\nonly\nnew\n");
      expect(existsSync(join(upper, "new"))).toBe(false);
      expect(existsSync(join(lower, "removed"))).toBe(true);
      expect(execution.isolation.workspace).toBe("overlay");
    });

    isTest("with a removed path that leads through a link is a fault", async () => {
      const layer = await space.tree("layer", { a: "" });
      for (const removed of ["../x", "/etc/passwd", "a/../b", ""]) {
        const workspace = { target: "/w", method: "overlay", layers: [layer], removed: [removed] } as const;
        const { termination } = await sandbox.execute(request("true", { workspace }));
        expect(termination.kind).toBe("sandbox-fault");
      }
    });
  });
}
