import { z } from "zod";

/** What an agent's sandbox let through to the network. */
export const egressSummarySchema = z.object({
  /** Requests and tunnels that were let through. */
  requests: z.int().min(0),
  refused: z.int().min(0),
  bytesSent: z.int().min(0),
  bytesReceived: z.int().min(0),
  hosts: z.array(z.object({ host: z.string(), requests: z.int().min(0) })).max(50),
  /** What was asked for and refused, without characters that no host has. */
  refusals: z.array(z.string()).max(50),
});
export type EgressSummary = z.infer<typeof egressSummarySchema>;

/** How the session with an external agent went; tells what happened, proves nothing. */
export const agentSessionSchema = z.object({
  agent: z.string(),
  /** A stop reason of the protocol, or which bound was reached. */
  end: z.string(),
  wallMs: z.number().min(0),
  /** That the agent sent. */
  messages: z.int().min(0),
  /** What it asked for permission to do. */
  permissions: z.array(z.object({ title: z.string(), allowed: z.boolean(), why: z.string() })).max(50),
  egress: egressSummarySchema,
  /** What it wrote that is not part of the candidate. */
  left: z.array(z.object({ path: z.string(), reason: z.string() })).max(100),
  /** The last it said: a claim, not evidence. */
  said: z.string().max(4_000),
});
export type AgentSession = z.infer<typeof agentSessionSchema>;
