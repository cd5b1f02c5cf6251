import { z } from "zod";
import type { Reading, WireRequest } from "../protocol.ts";
import type { Conversation, Turn } from "../reply.ts";
import type { Problem } from "../violation.ts";
import { isJsonObject, readingOf, samplingProblems, shapeProblems, textContentSchema, textOf } from "./reading.ts";
import { reasoningModelProblems } from "./reasoning-model.ts";
import { strictSchemaProblems } from "./strict-schema.ts";

const messageSchema = z.discriminatedUnion("role", [
  z.strictObject({ role: z.enum(["system", "developer"]), content: textContentSchema, name: z.string().optional() }),
  z.strictObject({ role: z.literal("user"), content: textContentSchema, name: z.string().optional() }),
  z.strictObject({
    role: z.literal("assistant"),
    content: textContentSchema.nullish(),
    refusal: z.string().nullish(),
    tool_calls: z
      .array(
        z.strictObject({
          id: z.string().min(1),
          type: z.literal("function"),
          function: z.strictObject({
            name: z.string().min(1),
            arguments: z.string().refine(isJsonObject, "must be a JSON object in a string"),
          }),
        }),
      )
      .min(1)
      .optional(),
  }),
  z.strictObject({ role: z.literal("tool"), content: textContentSchema, tool_call_id: z.string().min(1) }),
]);

/** Other fields are refused, as OpenAI does. */
const bodySchema = z.strictObject({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).optional(),
  max_tokens: z.number().optional(),
  max_completion_tokens: z.number().optional(),
  temperature: z.number().optional(),
  response_format: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("text") }),
      z.strictObject({ type: z.literal("json_object") }),
      z.strictObject({
        type: z.literal("json_schema"),
        json_schema: z.strictObject({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          description: z.string().optional(),
          schema: z.record(z.string(), z.unknown()),
          strict: z.boolean().nullish(),
        }),
      }),
    ])
    .optional(),
  tools: z
    .array(z.strictObject({ type: z.literal("function"), function: z.looseObject({ name: z.string() }) }))
    .optional(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().optional(),
  top_p: z.number().gt(0).max(1).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.number().int().optional(),
  user: z.string().optional(),
  store: z.boolean().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  reasoning_effort: z.string().optional(),
  service_tier: z.string().optional(),
  prompt_cache_key: z.string().optional(),
  safety_identifier: z.string().optional(),
  verbosity: z.string().optional(),
});

type Body = z.infer<typeof bodySchema>;

/** Reads a chat completion's request. */
export function readOpenaiChat({ body }: WireRequest): Reading {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { kind: "problems", problems: shapeProblems(parsed.error) };
  const { model, stream, stream_options, max_tokens, max_completion_tokens, temperature, tools } = parsed.data;
  const outputTokensMax = max_completion_tokens ?? max_tokens;
  const call = {
    model,
    stream: stream ?? false,
    conversation: conversationOf(parsed.data),
    tools: (tools ?? []).map((tool) => tool.function.name),
    streamUsage: stream_options?.include_usage ?? false,
    ...(outputTokensMax === undefined ? {} : { outputTokensMax }),
  };
  const bounds = { temperatureMax: 2, outputRequired: false };
  const sampling = samplingProblems({ temperature, outputTokens: outputTokensMax }, bounds);
  return readingOf(call, [...sampling, ...fieldProblems(parsed.data)]);
}

function conversationOf({ messages }: Body): Conversation {
  const system = messages.filter((message) => message.role === "system" || message.role === "developer");
  const turns = messages.flatMap((message): Turn[] => {
    if (message.role === "system" || message.role === "developer") return [];
    const calls = message.role === "assistant" ? (message.tool_calls ?? []) : [];
    return [
      {
        role: message.role,
        text: textOf(message.content),
        calls: calls.map(({ id, function: called }) => ({ id, name: called.name })),
        results: message.role === "tool" ? [message.tool_call_id] : [],
      },
    ];
  });
  return system.length === 0 ? { turns } : { system: system.map(({ content }) => textOf(content)).join("\n"), turns };
}

function fieldProblems(body: Body): Problem[] {
  const { model, max_tokens: maxTokens, temperature } = body;
  const problems: Problem[] = reasoningModelProblems(model, { maxTokens, temperature });
  const isSystem = body.messages.map(({ role }) => role === "system" || role === "developer");
  if (isSystem.lastIndexOf(true) >= isSystem.filter(Boolean).length) {
    problems.push({ rule: "system-placement", message: "a system message comes after others" });
  }
  if (body.max_tokens !== undefined && body.max_completion_tokens !== undefined) {
    problems.push({ rule: "output-tokens", message: "max_tokens and max_completion_tokens exclude one another" });
  }
  if (body.stream_options !== undefined && body.stream !== true) {
    problems.push({ rule: "shape", message: "stream_options is only allowed when stream is true" });
  }
  const format = body.response_format;
  if (format?.type === "json_object" && !/json/i.test(JSON.stringify(body.messages))) {
    problems.push({ rule: "schema", message: "messages must contain the word json for response_format json_object" });
  }
  if (format?.type === "json_schema" && format.json_schema.strict === true) {
    problems.push(...strictSchemaProblems(format.json_schema.schema));
  }
  return problems;
}
