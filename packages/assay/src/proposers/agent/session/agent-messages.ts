import { z } from "zod";

const id = z.union([z.string().max(200), z.number()]);
const version = z.literal("2.0");
const method = z.string().max(200);

/** What an agent may send: a request of ours is answered, it asks something itself, or it tells how it goes on. */
export const agentMessageSchema = z.union([
  z.object({ jsonrpc: version, id, method, params: z.unknown() }),
  z.object({ jsonrpc: version, method, params: z.unknown() }),
  z.object({ jsonrpc: version, id, result: z.unknown().refine((result) => result !== undefined) }),
  z.object({
    jsonrpc: version,
    id,
    error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }),
  }),
]);
export type AgentMessage = z.infer<typeof agentMessageSchema>;

/** Of `session/update` what is shown: pieces of text, and the titles of what it does. */
export const updateSchema = z.object({
  update: z.object({
    sessionUpdate: z.string(),
    title: z.string().nullish().catch(undefined),
    content: z
      .object({ type: z.literal("text"), text: z.string() })
      .optional()
      .catch(undefined),
  }),
});

export const initializedSchema = z.object({ protocolVersion: z.int() });
export const sessionSchema = z.object({ sessionId: z.string().min(1).max(1_000) });
export const stoppedSchema = z.object({ stopReason: z.string().max(100) });
