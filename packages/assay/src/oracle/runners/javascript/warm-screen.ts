import { randomBytes } from "node:crypto";
import { z } from "zod";
import { raise } from "#domain";
import type {
  EditBatch,
  EditComparison,
  EditContrast,
  EditDifference,
  EditOutcome,
  RunTests,
  Sandbox,
  SandboxSession,
  Screen,
  ScreenOutcome,
  ScreenRequest,
} from "#ports";
import { languageOf, parseSource } from "#syntax";
import { textLengthMax } from "../event-stream.ts";
import { assetMounts, assetPath } from "./assets.ts";
import { testEnvironment } from "./environment.ts";
import { schemataOf, switchName } from "./schemata.ts";
import { selectTests } from "./select-tests.ts";

export type ScreenOptions = Omit<RunTests, "selection" | "coverage"> & { testMsMax: number };

export type ScreenCommand = {
  runner: "node-test" | "vitest" | "jest";
  env: Readonly<Record<string, string>>;
  /** Sent first, together with the root and a nonce. */
  job: Readonly<Record<string, unknown>>;
  /** For selectors that are no ids. */
  testFiles: readonly string[];
  /** Whether its `screen.mjs` takes batches of edits. */
  together?: boolean;
};

type Answer =
  | { kind: "ready" }
  | ScreenOutcome
  | { id: number; kind: "batch"; outcomes: EditOutcome[] }
  | { id: number; kind: "difference"; compared: boolean; found: EditDifference | null };

/** Whether a text is a module's can only be asked of Node with this. */
const moduleParsing = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];

const outcomesMax = 10_000;
const editKind = z
  .enum(["passed", "failed", "starved", "timed-out", "broken", "unsuited"])
  .transform((kind) => (kind === "starved" ? "timed-out" : kind));

const outcomeSchema = z.object({
  id: z.int(),
  kind: editKind,
  test: z.string().exactOptional(),
  alike: z.boolean().exactOptional(),
});

const text = z.string().transform((value) => value.slice(0, textLengthMax).toWellFormed());

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
      z.object({
        id: z.int(),
        kind: z.literal("batch"),
        outcomes: z.array(outcomeSchema).max(outcomesMax),
      }),
      z.object({
        id: z.int(),
        kind: z.literal("difference"),
        compared: z.boolean(),
        found: z.object({ call: text, results: z.array(z.object({ id: z.int(), result: text })).max(100) }).nullable(),
      }),
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
  readonly tryEdits?: (batch: EditBatch) => Promise<EditOutcome[]>;
  readonly tellApart?: (contrast: EditContrast) => Promise<EditComparison>;

  private constructor(session: SandboxSession, nonce: string, { testFiles, together }: ScreenCommand) {
    this.session = session;
    this.answers = session.lines[Symbol.asyncIterator]();
    this.nonce = nonce;
    this.testFiles = testFiles;
    if (!together) return;
    this.tryEdits = (batch) => this.tryTogether(batch);
    this.tellApart = (contrast) => this.contrast(contrast);
  }

  /** Raises `sandbox-failed` if the process does not come up. */
  static async open(sandbox: Sandbox, command: ScreenCommand, options: ScreenOptions): Promise<WarmScreen> {
    const { profile, workspace, limits, signal, testMsMax } = options;
    const { runner, env, job } = command;
    const nonce = randomBytes(16).toString("hex");
    const session = await sandbox.open({
      argv: [profile.interpreter, ...(command.together ? moduleParsing : []), assetPath(runner, "screen.mjs")],
      cwd: profile.root,
      env: testEnvironment(profile, env),
      workspace: await workspace.mount(),
      mounts: [...profile.mounts, ...assetMounts(runner)],
      limits,
      ...(signal === undefined ? {} : { signal }),
    });
    const screen = new WarmScreen(session, nonce, command);
    session.send(JSON.stringify({ ...job, nonce, root: profile.root, cwd: profile.root, testMsMax }));
    await screen.answer((answer) => answer.kind === "ready");
    return screen;
  }

  async try({ id, files, tests }: ScreenRequest): Promise<ScreenOutcome> {
    this.session.send(JSON.stringify({ id, files, selection: selectTests(this.testFiles, tests), tests }));
    const answer = await this.answer((each) => each.kind !== "ready" && each.id === id);
    return answer.kind === "ready" || answer.kind === "batch" || answer.kind === "difference"
      ? raise("defect", "the screen answered another question")
      : answer;
  }

  private async tryTogether({ id, file, source, candidates, ...rest }: EditBatch): Promise<EditOutcome[]> {
    const language = languageOf(file);
    const parsed = language && parseSource(language, source);
    if (parsed?.kind !== "parsed") return [];
    const broken = await this.edits(id, { parse: { file, source, edits: candidates } });
    const ended = new Set(broken.map((outcome) => outcome.id));
    const left = candidates.filter((candidate) => !ended.has(candidate.id));
    const { text, units, places, asked } = schemataOf(parsed.tree, left);
    const outside = left.filter((candidate) => !units.has(candidate.id));
    const settled = [...broken, ...outside.map((each): EditOutcome => ({ id: each.id, kind: "unsuited" }))];
    const edits = left.flatMap(({ id: edit, order }) => {
      const of = units.get(edit);
      return of === undefined ? [] : [{ id: edit, order, units: of, place: places.get(edit) }];
    });
    if (edits.length === 0) return settled;
    const files = filesOf([rest.targets, ...rest.orders].flat());
    const tried = await this.edits(id, { batch: { ...rest, file, files, text, switchName, edits, asked } });
    return tried.length > 0 ? [...settled, ...tried] : [];
  }

  private async contrast({ id, file, source, tests, candidates }: EditContrast): Promise<EditComparison> {
    const language = languageOf(file);
    const parsed = language && parseSource(language, source);
    if (parsed?.kind !== "parsed") return { compared: false };
    const { text, units } = schemataOf(parsed.tree, candidates, true);
    const edits = [...units].map(([edit, of]) => ({ id: edit, units: of }));
    if (edits.length < 2) return { compared: false };
    this.session.send(
      JSON.stringify({ id, contrast: { file, files: filesOf(tests), tests, text, switchName, edits } }),
    );
    const answer = await this.answer((each) => each.kind === "difference" && each.id === id);
    if (answer.kind !== "difference") return { compared: false };
    const compared = answer.compared && edits.length === candidates.length;
    return { compared, ...(answer.found === null ? {} : { found: answer.found }) };
  }

  private async edits(id: number, question: object): Promise<EditOutcome[]> {
    this.session.send(JSON.stringify({ id, ...question }));
    const answer = await this.answer((each) => each.kind === "batch" && each.id === id);
    return answer.kind === "batch" ? answer.outcomes : [];
  }

  /** The next answer that is wanted; whatever else comes over the channel is not ours. */
  private async answer(isWanted: (answer: Answer) => boolean) {
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

/** The test files of ids. */
function filesOf(tests: readonly string[]): string[] {
  return [...new Set(tests.map((test) => test.split(" > ", 1)[0] ?? ""))];
}

function parseAnswer(line: string, nonce: string): Answer | undefined {
  try {
    const { n, ...answer } = answerSchema.parse(JSON.parse(line));
    return n === nonce ? answer : undefined;
  } catch {
    return undefined;
  }
}
