import { z } from "zod";
import type { Reading, WireRequest } from "../protocol.ts";
import type { Conversation, Turn } from "../reply.ts";
import type { Problem } from "../violation.ts";
import { readingOf, samplingProblems, shapeProblems } from "./reading.ts";

const messageSchema = z.strictObject({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  thinking: z.string().optional(),
  tool_name: z.string().optional(),
  tool_calls: z
    .array(
      z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }) }),
    )
    .optional(),
});

const bodySchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().optional(),
  format: z.union([z.literal("json"), z.record(z.string(), z.unknown())]).optional(),
  keep_alive: z.union([z.string(), z.number()]).optional(),
  think: z.union([z.boolean(), z.string()]).optional(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
  options: z
    .looseObject({
      num_ctx: z.number().int().positive().optional(),
      num_predict: z.number().optional(),
      temperature: z.number().optional(),
    })
    .optional(),
});

type Message = z.infer<typeof messageSchema>;

/** Reads a request of Ollama's own chat; it streams unless told not to. A `num_predict` of -1 is no limit. */
export function readOllama({ body }: WireRequest): Reading {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { kind: "problems", problems: shapeProblems(parsed.error) };
  const { model, messages, stream, tools, options } = parsed.data;
  const limit = options?.num_predict === -1 ? undefined : options?.num_predict;
  const call = {
    model,
    stream: stream ?? true,
    conversation: conversationOf(messages),
    tools: (tools ?? []).map((tool) => tool.function.name),
    streamUsage: true,
    ...(limit === undefined ? {} : { outputTokensMax: limit }),
    ...(options?.num_ctx === undefined ? {} : { windowTokens: options.num_ctx }),
  };
  const bounds = { temperatureMax: 2, outputRequired: false };
  const sampling = samplingProblems({ temperature: options?.temperature, outputTokens: limit }, bounds);
  return readingOf(call, [...sampling, ...placementProblems(messages)]);
}

function conversationOf(messages: readonly Message[]): Conversation {
  const turns = messages.flatMap(({ role, content, tool_calls, tool_name }): Turn[] => {
    if (role === "system") return [];
    // Calls have no ids here: they are paired by their name.
    const calls = (tool_calls ?? []).map(({ function: called }) => ({ id: called.name, name: called.name }));
    return [{ role, text: content, calls, results: role === "tool" ? [tool_name ?? ""] : [] }];
  });
  const systems = messages.filter(({ role }) => role === "system").map(({ content }) => content);
  return systems.length === 0 ? { turns } : { system: systems.join("\n"), turns };
}

function placementProblems(messages: readonly Message[]): Problem[] {
  const systems = messages.map(({ role }) => role === "system");
  if (systems.lastIndexOf(true) < systems.filter(Boolean).length) return [];
  return [{ rule: "system-placement", message: "a system message comes after others" }];
}
