import { type ClientContext, client, methods, PROTOCOL_VERSION, RequestError } from "@agentclientprotocol/sdk";
import type { SandboxSession } from "#ports";
import { initializedSchema, sessionSchema, stoppedSchema, updateSchema } from "./agent-messages.ts";
import { agentStream, type StreamBounds, streamBounds } from "./agent-stream.ts";
import { decidePermission, type Permission, permissionAnswer } from "./permission.ts";
import { Stops } from "./stops.ts";

export type ConversationOptions = {
  /** The workspace's folder in the sandbox: the session's working folder. */
  cwd: string;
  task: string;
  wallMsMax: number;
  /** Without a message from the agent. */
  idleMsMax: number;
  /** Between asking the agent to stop and ending it. */
  graceMsMax: number;
  bounds?: StreamBounds;
  signal?: AbortSignal;
  /** What the agent does right now; untrusted text. */
  onActivity?: (what: string) => void;
};

/** How it ended. Only `stopped` is by the agent's own will; `failed` before it could work or in the middle of it. */
export type ConversationEnd =
  | { kind: "stopped"; reason: string }
  | { kind: "timed-out"; by: "wall" | "idle"; msMax: number }
  | { kind: "flooded"; what: string }
  | { kind: "aborted" }
  | { kind: "failed"; message: string };

export type Conversation = { end: ConversationEnd; messages: number; permissions: Permission[]; said: string };

const saidMax = 4_000;
const permissionsMax = 50;

/**
 * Leads one session of the Agent Client Protocol: initialize, a new session, one prompt. Never throws for what the agent does. The agent is
 * offered no file system and no terminals of ours: it has its own in the sandbox, and a second way to the same files would be a second
 * way around its walls. Whoever opened the sandbox ends it.
 */
export async function converse(session: SandboxSession, options: ConversationOptions): Promise<Conversation> {
  const told = new Told(options);
  using stops = new Stops(options);
  const stream = agentStream(session, options.bounds ?? streamBounds, {
    onMessage: () => {
      told.messages += 1;
      stops.notIdle();
    },
    onNotification: (method, params) => told.update(method, params),
    onFlood: (what) => stops.stop({ kind: "flooded", what }),
  });
  const app = client({ name: "assay" }).onRequest(methods.client.session.requestPermission, ({ params }) => {
    const permission = decidePermission(params, options.cwd);
    if (told.permissions.length < permissionsMax) told.permissions.push(permission);
    return permissionAnswer(params.options, permission.allowed);
  });
  const end = await app
    .connectWith(stream, (agent) => lead(agent, options, stops))
    .catch((error: unknown) => ({ kind: "failed", message: messageOf(error) }) as const);
  // What ended it is told by the first who knew, not by the connection that broke after.
  return { end: stops.reason ?? end, messages: told.messages, permissions: told.permissions, said: told.said };
}

async function lead(agent: ClientContext, options: ConversationOptions, stops: Stops): Promise<ConversationEnd> {
  let sessionId: string | undefined;
  const talk = async (): Promise<ConversationEnd> => {
    const { protocolVersion } = initializedSchema.parse(
      await agent.request(methods.agent.initialize, {
        protocolVersion: PROTOCOL_VERSION,
        clientCapabilities: {},
      }),
    );
    if (protocolVersion !== PROTOCOL_VERSION) {
      return {
        kind: "failed",
        message: `it speaks version ${protocolVersion} of the protocol, not ${PROTOCOL_VERSION}`,
      };
    }
    const made = await agent.request(methods.agent.session.new, { cwd: options.cwd, mcpServers: [] });
    sessionId = sessionSchema.parse(made).sessionId;
    const prompt = [{ type: "text" as const, text: options.task }];
    const { stopReason } = stoppedSchema.parse(
      await agent.request(methods.agent.session.prompt, { sessionId, prompt }),
    );
    return { kind: "stopped", reason: stopReason };
  };
  const talking = talk();
  // Once it is stopped, nobody waits for how the talk ends.
  talking.catch(() => undefined);
  const first = await Promise.race([talking, stops.stopped]);
  if (stops.reason === undefined || sessionId === undefined) return first;
  await agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined);
  await Promise.race([talking.catch(() => undefined), stops.grace()]);
  return stops.reason;
}

/** What the agent told on the way. */
class Told {
  messages = 0;
  said = "";
  readonly permissions: Permission[] = [];
  readonly #onActivity: ConversationOptions["onActivity"];

  constructor({ onActivity }: ConversationOptions) {
    this.#onActivity = onActivity;
  }

  update(method: string, params: unknown): void {
    if (method !== methods.client.session.update) return;
    const update = updateSchema.safeParse(params).data?.update;
    if (update?.sessionUpdate === "agent_message_chunk" && update.content !== undefined) {
      this.said = `${this.said}${update.content.text}`.slice(-saidMax);
    } else if (update?.sessionUpdate === "tool_call") this.#onActivity?.((update.title ?? "").slice(0, 200));
  }
}

function messageOf(error: unknown): string {
  if (error instanceof RequestError && error.code === authenticationRequired) {
    return "it wants somebody to log in; name its API under upstreams, so that it has a key";
  }
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(0, 500);
}

const authenticationRequired = -32_000;
