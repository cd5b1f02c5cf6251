import { z } from "zod";
import { raise } from "#domain";
import type {
  EditBatch,
  EditComparison,
  EditContrast,
  EditOutcome,
  RunTests,
  Sandbox,
  SandboxSession,
  Screen,
  ScreenOutcome,
  ScreenRequest,
} from "#ports";
import { textLengthMax } from "../event-stream.ts";
import { freshNonce, pythonInvocation, pythonPath } from "./invocation.ts";

const text = z.string().transform((value) => value.slice(0, textLengthMax).toWellFormed());
const stamp = { n: z.string(), id: z.int() };

const replySchema = z.discriminatedUnion("kind", [
  z.object({ ...stamp, kind: z.literal("ready"), modules: z.array(text).max(10_000) }),
  z.object({ ...stamp, kind: z.literal("passed") }),
  z.object({
    ...stamp,
    kind: z.literal("failed"),
    test: text.optional(),
    failureType: text.optional(),
    message: text.optional(),
  }),
  z.object({ ...stamp, kind: z.literal("timed-out"), test: text.optional() }),
  z.object({ ...stamp, kind: z.literal("broken"), message: text }),
  z.object({
    ...stamp,
    kind: z.literal("batch"),
    outcomes: z
      .array(
        z.object({
          id: z.int(),
          kind: z.enum(["passed", "failed", "timed-out", "broken", "starved", "unsuited"]),
          test: text.optional(),
          alike: z.boolean().optional(),
        }),
      )
      .max(10_000),
  }),
  z.object({
    ...stamp,
    kind: z.literal("difference"),
    compared: z.boolean(),
    found: z.object({ call: text, results: z.array(z.object({ id: z.int(), result: text })).max(100) }).nullable(),
  }),
]);
type Reply = z.infer<typeof replySchema>;

const readyId = -1;

/**
 * By interpreter: what pytest and its installed plugins load, as the first process found out before it had anything of a project. It
 * takes longer to find out than to load.
 */
const modulesLoaded = new Map<string, readonly string[]>();

type OpenScreen = Omit<RunTests, "selection" | "coverage"> & { testMsMax: number };

/** A warm pytest in one sandbox session: a process that has pytest imported and forks for each candidate. */
export class PytestScreen implements Screen {
  private readonly session: SandboxSession;
  private readonly replies: AsyncIterator<string>;
  private readonly nonce: string;

  private constructor(session: SandboxSession, nonce: string) {
    this.session = session;
    this.nonce = nonce;
    this.replies = session.lines[Symbol.asyncIterator]();
  }

  /** `undefined` when the process ends before it is ready. */
  static async open(sandbox: Sandbox, request: OpenScreen): Promise<PytestScreen | undefined> {
    const { profile, workspace, limits, signal, testMsMax } = request;
    const invocation = await pythonInvocation(profile, workspace, "screen.py");
    const session = await sandbox.open({ ...invocation, limits, ...(signal === undefined ? {} : { signal }) });
    const screen = new PytestScreen(session, freshNonce());
    screen.send({
      nonce: screen.nonce,
      modules: modulesLoaded.get(profile.interpreter),
      root: profile.root,
      pythonPath: pythonPath(profile),
      testSecondsMax: testMsMax / 1000,
      // One candidate must not take the memory that the warm process and its successors need.
      memoryBytesMax: Math.floor(limits.memoryBytesMax / 2),
      // What candidates change; test modules may be collected with stand-ins for these.
      candidateFiles: profile.sourceFiles.filter((file) => file.endsWith(".py")),
      sourceFiles: [...profile.sourceFiles, ...profile.oracleFiles].filter((file) => file.endsWith(".py")),
    });
    const ready = await screen.reply(readyId);
    if (ready?.kind === "ready") {
      modulesLoaded.set(profile.interpreter, ready.modules);
      return screen;
    }
    await screen[Symbol.asyncDispose]();
    return undefined;
  }

  async try(request: ScreenRequest): Promise<ScreenOutcome> {
    return outcomeOf(await this.answer(request));
  }

  async tryEdits(batch: EditBatch): Promise<EditOutcome[]> {
    // The project is loaded there already.
    const { source: _, ...told } = batch;
    const reply = await this.answer({ id: batch.id, batch: told });
    return reply.kind === "batch" ? reply.outcomes.map(editOutcomeOf) : [];
  }

  async tellApart(contrast: EditContrast): Promise<EditComparison> {
    const { source: _, ...batch } = contrast;
    const reply = await this.answer({ id: contrast.id, batch });
    if (reply.kind !== "difference") return { compared: false };
    return { compared: reply.compared, ...(reply.found === null ? {} : { found: reply.found }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }

  private async answer(request: ScreenRequest | { id: number; batch: object }): Promise<Reply> {
    this.send(request);
    const reply = await this.reply(request.id);
    if (reply !== undefined) return reply;
    const { termination } = await this.session.ended;
    return raise("sandbox-failed", `the warm test process is gone: ${JSON.stringify(termination)}`);
  }

  private send(message: object): void {
    this.session.send(JSON.stringify(message));
  }

  /** The next reply with this id; others are late answers or not ours. `undefined` when the process ended. */
  private async reply(id: number): Promise<Reply | undefined> {
    for (;;) {
      const next = await this.replies.next();
      if (next.done === true) return undefined;
      const reply = parseReply(next.value);
      if (reply?.n === this.nonce && reply.id === id) return reply;
    }
  }
}

function parseReply(line: string): Reply | undefined {
  try {
    return replySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function outcomeOf(reply: Reply): ScreenOutcome {
  const { id } = reply;
  switch (reply.kind) {
    case "passed":
      return { id, kind: "passed" };
    case "failed": {
      const { test, failureType, message } = reply;
      return {
        id,
        kind: "failed",
        ...(test === undefined ? {} : { test }),
        ...(failureType === undefined ? {} : { failureType }),
        ...(message === undefined ? {} : { message }),
      };
    }
    case "timed-out":
      return { id, kind: "timed-out", ...(reply.test === undefined ? {} : { test: reply.test }) };
    case "broken":
      return { id, kind: "broken", message: reply.message };
    case "ready":
    case "batch":
    case "difference":
      return { id, kind: "broken", message: "the warm process answered out of turn" };
  }
}

function editOutcomeOf({ id, kind, test, alike }: Extract<Reply, { kind: "batch" }>["outcomes"][number]): EditOutcome {
  const told = { ...(test === undefined ? {} : { test }), ...(alike === undefined ? {} : { alike }) };
  return { id, kind: kind === "starved" ? "timed-out" : kind, ...told };
}
