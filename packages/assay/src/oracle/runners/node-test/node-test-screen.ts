import { randomBytes } from "node:crypto";
import { z } from "zod";
import { raise } from "#domain";
import type { RunTests, Sandbox, SandboxSession, Screen, ScreenOutcome, ScreenRequest, Snapshot } from "#ports";
import { isTypeScript } from "../../detect/javascript/file-kinds.ts";
import type { NodeTestPlan } from "../../detect/javascript/node-test-plan.ts";
import { assetMounts, assetPath } from "../javascript/assets.ts";
import { testEnvironment } from "../javascript/environment.ts";
import { selectTests } from "../javascript/select-tests.ts";

type ScreenOptions = Omit<RunTests, "selection" | "coverage"> & { testMsMax: number };

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
 * Tries candidates in one sandbox, each test file in a Node process that was started beforehand. Every candidate has processes
 * of its own, but the workspace is shared: what a test writes there stays for the next candidate.
 * `testMsMax` bounds the time without any news from the tests.
 */
export class NodeTestScreen implements Screen {
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
  static async open(sandbox: Sandbox, plan: NodeTestPlan, options: ScreenOptions): Promise<NodeTestScreen> {
    const { profile, workspace, limits, signal, testMsMax } = options;
    const nonce = randomBytes(16).toString("hex");
    const session = await sandbox.open({
      argv: [profile.interpreter, assetPath("node-test", "screen.mjs")],
      cwd: profile.root,
      env: testEnvironment(profile, plan.env),
      workspace: await workspace.mount(),
      mounts: [...profile.mounts, ...assetMounts("node-test")],
      limits,
      ...(signal === undefined ? {} : { signal }),
    });
    const screen = new NodeTestScreen(session, nonce, plan.files);
    const { root } = profile;
    session.send(
      JSON.stringify({
        nonce,
        root,
        cwd: root,
        flags: plan.flags,
        env: {},
        testMsMax,
        typescript: typesFor(plan, workspace.snapshot),
      }),
    );
    await screen.answer((answer) => answer.kind === "ready");
    return screen;
  }

  async try({ id, files, tests }: ScreenRequest): Promise<ScreenOutcome> {
    this.session.send(JSON.stringify({ id, files, selection: selectTests(this.testFiles, tests) }));
    const answer = await this.answer((each) => each.kind !== "ready" && each.id === id);
    return answer.kind === "ready" ? raise("defect", "the screen answered twice that it is ready") : answer;
  }

  /** The next answer that is wanted; whatever else comes over the channel is not ours. */
  private async answer(isWanted: (answer: { kind: "ready" } | ScreenOutcome) => boolean) {
    for (;;) {
      const next = await this.answers.next();
      if (next.done === true) {
        const { termination, stderr } = await this.session.ended;
        return raise(
          "sandbox-failed",
          `the screen of node:test ended (${termination.kind}): ${stderr.text.slice(-500)}`,
        );
      }
      const answer = parseAnswer(next.value, this.nonce);
      if (answer !== undefined && isWanted(answer)) return answer;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }
}

/** Sources whose types Node itself strips: none where a flag of the project has something else read them. */
function typesFor({ flags }: NodeTestPlan, { files }: Snapshot): string[] {
  const own =
    /^--(?:import|require|loader|experimental-loader|experimental-transform-types|no-experimental-strip-types)/;
  if (flags.some((flag) => own.test(flag))) return [];
  return files.filter((file) => isTypeScript(file) && !file.endsWith(".tsx") && !file.includes("node_modules/"));
}

function parseAnswer(line: string, nonce: string): { kind: "ready" } | ScreenOutcome | undefined {
  try {
    const { n, ...answer } = answerSchema.parse(JSON.parse(line));
    return n === nonce ? answer : undefined;
  } catch {
    return undefined;
  }
}
