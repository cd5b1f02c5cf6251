import { expect, test, vi } from "vitest";
import type { SandboxSession } from "#ports";
import { type ConversationOptions, converse } from "./converse.ts";

type Message = { id?: number; method?: string; params?: unknown };

/** A command whose lines a script writes: it gets each message that was sent and gives the lines to answer with. */
class ScriptedCommand {
  readonly sent: Message[] = [];
  readonly #lines: string[] = [];
  #ended = false;
  #wake: () => void = () => undefined;
  readonly session: SandboxSession;

  constructor(script: (message: Message) => readonly unknown[] | "end") {
    this.session = {
      isolation: {} as SandboxSession["isolation"],
      ended: new Promise(() => undefined),
      lines: this.#read(),
      send: (line) => {
        const message: Message = JSON.parse(line);
        this.sent.push(message);
        const answer = script(message);
        if (answer === "end") this.#ended = true;
        else this.#lines.push(...answer.map((one) => (typeof one === "string" ? one : JSON.stringify(one))));
        this.#wake();
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  async *#read(): AsyncGenerator<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) yield line;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

const version = { jsonrpc: "2.0" };
const results: Record<string, unknown> = {
  initialize: { protocolVersion: 1, agentCapabilities: {} },
  "session/new": { sessionId: "s" },
  "session/prompt": { stopReason: "end_turn" },
};
const answered = ({ id, method = "" }: Message) => ({ ...version, id, result: results[method] });
const chunk = (text: string) => ({
  ...version,
  method: "session/update",
  params: { sessionId: "s", update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text } } },
});

const usual: ConversationOptions = { cwd: "/w", task: "do it", wallMsMax: 60_000, idleMsMax: 60_000, graceMsMax: 10 };

/** Answers all as an agent should, and before the prompt's answer sends these lines. */
function well(before: readonly unknown[] = [], options: Partial<ConversationOptions> = {}) {
  const command = new ScriptedCommand((message) =>
    message.id === undefined || message.method === undefined
      ? []
      : [...(message.method === "session/prompt" ? before : []), answered(message)],
  );
  return { command, talk: converse(command.session, { ...usual, ...options }) };
}

test("a session is opened in the workspace, offered nothing of ours, and given the task", async () => {
  const { command, talk } = well([chunk("do"), chunk("ne")]);
  expect(await talk).toEqual({
    end: { kind: "stopped", reason: "end_turn" },
    messages: 5,
    permissions: [],
    said: "done",
  });
  expect(command.sent).toMatchObject([
    {
      method: "initialize",
      params: { protocolVersion: 1, clientCapabilities: {} },
    },
    { method: "session/new", params: { cwd: "/w", mcpServers: [] } },
    { method: "session/prompt", params: { sessionId: "s", prompt: [{ type: "text", text: "do it" }] } },
  ]);
});

test("lines that are no messages, answers nobody asked for and updates that nobody knows change nothing, and print nothing", async () => {
  const error = vi.spyOn(console, "error");
  const strange = [
    "hello",
    "null",
    "[]",
    { ...version, id: 99, result: {} },
    { ...version, id: null, error: { code: 1, message: "x" } },
    { ...version, method: "session/update", params: null },
    {
      ...version,
      method: "session/update",
      params: { update: { sessionUpdate: "agent_message_chunk", content: { type: "image" } } },
    },
    { ...version, method: "no/such/notification" },
  ];
  const { talk } = well([...strange, chunk("ok")]);
  expect(await talk).toMatchObject({ end: { kind: "stopped" }, said: "ok" });
  expect(error).not.toHaveBeenCalled();
  error.mockRestore();
});

test("a request for a file of ours is answered with an error", async () => {
  const { command, talk } = well([
    { ...version, id: 7, method: "fs/read_text_file", params: { sessionId: "s", path: "/etc/passwd" } },
  ]);
  await talk;
  expect(command.sent).toContainEqual(
    expect.objectContaining({ id: 7, error: expect.objectContaining({ code: -32601 }) }),
  );
});

test("each bound of what it sends ends it", async () => {
  const bounds = { messagesMax: 20, charactersMax: 5_000, strayLinesMax: 3 };
  const flood = (lines: readonly unknown[]) => well(lines, { bounds }).talk;
  const many = (count: number, one: unknown) => Array.from({ length: count }, () => one);
  expect((await flood(many(30, chunk("x")))).end).toEqual({ kind: "flooded", what: "more than 20 messages" });
  expect((await flood([chunk("x".repeat(6_000))])).end).toEqual({ kind: "flooded", what: "more than 5000 characters" });
  expect((await flood(many(4, "x"))).end).toMatchObject({
    kind: "flooded",
    what: expect.stringContaining("more than 3 lines"),
  });
});

test("only the last of what it says is kept", async () => {
  const { said } = await well([chunk("a".repeat(5_000)), chunk("b")]).talk;
  expect([said.length, said.at(-1)]).toEqual([4_000, "b"]);
});

test("an answer that is none of the protocol's, a version that is not ours and an end in the middle are failures", async () => {
  const answering = (wrong: object) =>
    converse(
      new ScriptedCommand((message) => [
        { ...answered(message), ...(message.method === "initialize" ? { result: wrong } : {}) },
      ]).session,
      usual,
    );
  expect((await answering({ protocolVersion: "one" })).end.kind).toBe("failed");
  expect((await answering({ protocolVersion: 2 })).end).toMatchObject({
    message: expect.stringContaining("version 2"),
  });
  const ends = new ScriptedCommand((message) => (message.method === "session/prompt" ? "end" : [answered(message)]));
  expect((await converse(ends.session, usual)).end.kind).toBe("failed");
});

test("one that is aborted is asked to cancel, and then not waited for", async () => {
  const controller = new AbortController();
  const command = new ScriptedCommand((message) => {
    if (message.method === "session/prompt") controller.abort();
    return message.method === "session/prompt" || message.id === undefined ? [] : [answered(message)];
  });
  const { end } = await converse(command.session, { ...usual, signal: controller.signal });
  expect(end).toEqual({ kind: "aborted" });
  expect(command.sent.at(-1)).toMatchObject({ method: "session/cancel", params: { sessionId: "s" } });
});
