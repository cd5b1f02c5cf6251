import { randomBytes } from "node:crypto";
import { z } from "zod";
import { raise } from "#domain";
import type { RunTests, Sandbox, SandboxSession, Screen, ScreenOutcome, ScreenRequest } from "#ports";
import { assetMounts, assetPath } from "./assets.ts";
import { testEnvironment } from "./environment.ts";
import { selectTests } from "./select-tests.ts";

export type ScreenOptions = Omit<RunTests, "selection" | "coverage"> & { testMsMax: number };

export type ScreenCommand = {
  runner: "node-test" | "vitest" | "jest";
  env: Readonly<Record<string, string>>;
  /** Sent first, together with the root and a nonce. */
  job: Readonly<Record<string, unknown>>;
  /** For selectors that are no ids. */
  testFiles: readonly string[];
};

const answerSchema = z.object({ n: z.string() }).and(
  z.union([
    z.object({ ready: z.string() }).transform(() => ({ kind: "ready" as const })),
    z.discriminatedUnion("kind", [
      z.object({ id: z.int(), kind: z.literal("passed") }),
      z.object({
        id: z.int(),
        kind: z.literal("failed"),
        test: z.string().exactOptional(),
        failureType: z.string().exactOptional(),
        message: z.string().exactOptional(),
      }),
      z.object({ id: z.int(), kind: z.literal("timed-out"), test: z.string().exactOptional() }),
      z.object({ id: z.int(), kind: z.literal("broken"), message: z.string() }),
    ]),
  ]),
);

/**
 * A runner's `screen.mjs`, alive in one sandbox, that tries one candidate after the other. The workspace is shared: what a
 * test writes there stays for the next candidate. `testMsMax` bounds the time without any news from the tests.
 */
export class WarmScreen implements Screen {
  private readonly session: SandboxSession;
  private readonly answers: AsyncIterator<string>;
  private readonly nonce: string;
  private readonly testFiles: readonly string[];

  private constructor(session: SandboxSession, nonce: string, testFiles: readonly string[]) {
    this.session = session;
    this.answers = session.lines[Symbol.asyncIterator]();
    this.nonce = nonce;
    this.testFiles = testFiles;
  }

  /** Raises `sandbox-failed` if the process does not come up. */
  static async open(sandbox: Sandbox, command: ScreenCommand, options: ScreenOptions): Promise<WarmScreen> {
    const { profile, workspace, limits, signal, testMsMax } = options;
    const { runner, env, job, testFiles } = command;
    const nonce = randomBytes(16).toString("hex");
    const session = await sandbox.open({
      argv: [profile.interpreter, assetPath(runner, "screen.mjs")],
      cwd: profile.root,
      env: testEnvironment(profile, env),
      workspace: await workspace.mount(),
      mounts: [...profile.mounts, ...assetMounts(runner)],
      limits,
      ...(signal === undefined ? {} : { signal }),
    });
    const screen = new WarmScreen(session, nonce, testFiles);
    session.send(JSON.stringify({ ...job, nonce, root: profile.root, cwd: profile.root, testMsMax }));
    await screen.answer((answer) => answer.kind === "ready");
    return screen;
  }

  async try({ id, files, tests }: ScreenRequest): Promise<ScreenOutcome> {
    this.session.send(JSON.stringify({ id, files, selection: selectTests(this.testFiles, tests), tests }));
    const answer = await this.answer((each) => each.kind !== "ready" && each.id === id);
    return answer.kind === "ready" ? raise("defect", "the screen answered twice that it is ready") : answer;
  }

  /** The next answer that is wanted; whatever else comes over the channel is not ours. */
  private async answer(isWanted: (answer: { kind: "ready" } | ScreenOutcome) => boolean) {
    for (;;) {
      const next = await this.answers.next();
      if (next.done === true) {
        const { termination, stderr } = await this.session.ended;
        return raise("sandbox-failed", `the screen ended (${termination.kind}): ${stderr.text.slice(-500)}`);
      }
      const answer = parseAnswer(next.value, this.nonce);
      if (answer !== undefined && isWanted(answer)) return answer;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }
}

function parseAnswer(line: string, nonce: string): { kind: "ready" } | ScreenOutcome | undefined {
  try {
    const { n, ...answer } = answerSchema.parse(JSON.parse(line));
    return n === nonce ? answer : undefined;
  } catch {
    return undefined;
  }
}
