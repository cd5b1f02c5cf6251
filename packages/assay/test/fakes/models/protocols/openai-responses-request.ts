import { z } from "zod";
import type { Reading, WireRequest } from "../protocol.ts";
import type { Conversation, Turn } from "../reply.ts";
import type { Problem } from "../violation.ts";
import { isJsonObject, readingOf, samplingProblems, shapeProblems, textContentSchema, textOf } from "./reading.ts";
import { reasoningModelProblems } from "./reasoning-model.ts";
import { strictSchemaProblems } from "./strict-schema.ts";

/** Fewer output tokens than this are refused. Source: OpenAI, "Create a model response". */
const outputTokensMin = 16;

const messageSchema = z.strictObject({
  type: z.literal("message").optional(),
  id: z.string().optional(),
  role: z.enum(["system", "developer", "user", "assistant"]),
  content: textContentSchema,
  status: z.string().optional(),
  phase: z.string().nullish(),
});

const callSchema = z.strictObject({
  type: z.literal("function_call"),
  id: z.string().optional(),
  call_id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.string().refine(isJsonObject, "must be a JSON object in a string"),
  status: z.string().optional(),
});

const resultSchema = z.strictObject({
  type: z.literal("function_call_output"),
  call_id: z.string().min(1),
  output: textContentSchema,
});

const itemSchema = z.union([messageSchema, callSchema, resultSchema]);
type Item = z.infer<typeof itemSchema>;

const bodySchema = z.strictObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(itemSchema).min(1)]),
  instructions: z.string().nullish(),
  stream: z.boolean().optional(),
  max_output_tokens: z.number().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  text: z
    .strictObject({
      verbosity: z.string().optional(),
      format: z
        .discriminatedUnion("type", [
          z.strictObject({ type: z.literal("text") }),
          z.strictObject({ type: z.literal("json_object") }),
          z.strictObject({
            type: z.literal("json_schema"),
            name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
            description: z.string().optional(),
            schema: z.record(z.string(), z.unknown()),
            strict: z.boolean().nullish(),
          }),
        ])
        .optional(),
    })
    .optional(),
  tools: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).optional(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  store: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  reasoning: z.looseObject({}).nullish(),
  service_tier: z.string().nullish(),
  truncation: z.enum(["auto", "disabled"]).nullish(),
  prompt_cache_key: z.string().optional(),
  safety_identifier: z.string().optional(),
  user: z.string().optional(),
});

/** Reads the request for a response. */
export function readOpenaiResponses({ body }: WireRequest): Reading {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { kind: "problems", problems: shapeProblems(parsed.error) };
  const { model, stream, temperature, max_output_tokens, tools, text } = parsed.data;
  const items: Item[] = typeof parsed.data.input === "string" ? [userItem(parsed.data.input)] : parsed.data.input;
  const outputTokens = max_output_tokens ?? undefined;
  const call = {
    model,
    stream: stream ?? false,
    conversation: conversationOf(items, parsed.data.instructions ?? undefined),
    tools: (tools ?? []).map((tool) => tool.name ?? tool.type),
    streamUsage: true,
    ...(outputTokens === undefined ? {} : { outputTokensMax: outputTokens }),
  };
  const problems = samplingProblems(
    { temperature: temperature ?? undefined, outputTokens },
    { temperatureMax: 2, outputRequired: false },
  );
  if (outputTokens !== undefined && outputTokens > 0 && outputTokens < outputTokensMin) {
    problems.push({ rule: "output-tokens", message: `max_output_tokens is ${outputTokens}, below ${outputTokensMin}` });
  }
  if (text?.format?.type === "json_schema" && text.format.strict === true) {
    problems.push(...strictSchemaProblems(text.format.schema));
  }
  problems.push(...reasoningModelProblems(model, { temperature }));
  return readingOf(call, [...problems, ...placementProblems(items)]);
}

function userItem(text: string): Item {
  return { role: "user", content: text };
}

function isSystem(item: Item): item is z.infer<typeof messageSchema> {
  return "role" in item && (item.role === "system" || item.role === "developer");
}

function conversationOf(items: readonly Item[], instructions: string | undefined): Conversation {
  const systems = items.filter(isSystem).map((item) => textOf(item.content));
  if (instructions !== undefined) systems.unshift(instructions);
  const turns: Turn[] = [];
  for (const item of items) {
    if (isSystem(item)) continue;
    const turn = turnOf(item);
    const before = turns.at(-1);
    // What an assistant says and calls are items of their own, and one turn.
    const joins = turn.calls.length > 0 && before?.role === "assistant";
    if (joins) turns[turns.length - 1] = { ...before, calls: [...before.calls, ...turn.calls] };
    else turns.push(turn);
  }
  return systems.length === 0 ? { turns } : { system: systems.join("\n"), turns };
}

function turnOf(item: Item): Turn {
  if ("role" in item) {
    const role = item.role === "assistant" ? "assistant" : "user";
    return { role, text: textOf(item.content), calls: [], results: [] };
  }
  if (item.type === "function_call") {
    return { role: "assistant", text: "", calls: [{ id: item.call_id, name: item.name }], results: [] };
  }
  return { role: "tool", text: textOf(item.output), calls: [], results: [item.call_id] };
}

/** System messages stand first; what the user says is `input_text`, what the assistant said is `output_text`. */
function placementProblems(items: readonly Item[]): Problem[] {
  const problems: Problem[] = [];
  const systems = items.map(isSystem);
  if (systems.lastIndexOf(true) >= systems.filter(Boolean).length) {
    problems.push({ rule: "system-placement", message: "a system message comes after others" });
  }
  items.forEach((item, index) => {
    if (!("role" in item) || typeof item.content === "string") return;
    const wanted = item.role === "assistant" ? "output_text" : "input_text";
    const wrong = item.content.find((part) => part.type !== wanted);
    if (wrong !== undefined) {
      problems.push({
        rule: "shape",
        message: `input.${index}: a part is ${wrong.type}; ${item.role} takes ${wanted}`,
      });
    }
  });
  return problems;
}
