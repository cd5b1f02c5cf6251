import { z } from "zod";
import type { Reading, WireRequest } from "../protocol.ts";
import type { Turn } from "../reply.ts";
import type { Problem } from "../violation.ts";
import { readingOf, samplingProblems, shapeProblems, textOf } from "./reading.ts";
import { strictSchemaProblems } from "./strict-schema.ts";

const cacheControl = { cache_control: z.looseObject({ type: z.literal("ephemeral") }).nullish() };
const textBlockSchema = z.strictObject({ type: z.literal("text"), text: z.string(), ...cacheControl });
const textSchema = z.union([z.string(), z.array(textBlockSchema)]);

const blockSchema = z.discriminatedUnion("type", [
  textBlockSchema,
  z.strictObject({
    type: z.literal("tool_use"),
    id: z.string().min(1),
    name: z.string().min(1),
    input: z.record(z.string(), z.unknown()),
    ...cacheControl,
  }),
  z.strictObject({
    type: z.literal("tool_result"),
    tool_use_id: z.string().min(1),
    content: textSchema.optional(),
    is_error: z.boolean().optional(),
    ...cacheControl,
  }),
]);

/** Other fields are refused, as Anthropic does ("Extra inputs are not permitted"). */
const bodySchema = z.strictObject({
  model: z.string().min(1),
  messages: z
    .array(
      z.strictObject({ role: z.enum(["user", "assistant"]), content: z.union([z.string(), z.array(blockSchema)]) }),
    )
    .min(1),
  system: textSchema.optional(),
  max_tokens: z.number().optional(),
  stream: z.boolean().optional(),
  temperature: z.number().optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.number().int().min(0).optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
  tool_choice: z.looseObject({ type: z.enum(["auto", "any", "tool", "none"]), name: z.string().optional() }).optional(),
  thinking: z.looseObject({ type: z.string() }).optional(),
  output_config: z
    .strictObject({
      effort: z.string().optional(),
      format: z.strictObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) }).optional(),
    })
    .optional(),
  service_tier: z.string().optional(),
  cache_control: z.looseObject({ type: z.literal("ephemeral") }).optional(),
});

type Body = z.infer<typeof bodySchema>;

/** Reads a message's request: the limit of tokens is required, the system message is a field of its own. */
export function readAnthropic({ headers, body }: WireRequest): Reading {
  const problems: Problem[] = [];
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(headers["anthropic-version"] ?? ""))) {
    problems.push({ rule: "version-missing", message: "anthropic-version: header is required" });
  }
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { kind: "problems", problems: [...problems, ...shapeProblems(parsed.error)] };
  const { model, stream, system, max_tokens, temperature, tools, output_config } = parsed.data;
  if (output_config?.format !== undefined) problems.push(...strictSchemaProblems(output_config.format.schema, false));
  const call = {
    model,
    stream: stream ?? false,
    conversation: {
      ...(system === undefined ? {} : { system: textOf(system) }),
      turns: parsed.data.messages.map(turnOf),
    },
    tools: (tools ?? []).map((tool) => tool.name),
    streamUsage: true,
    ...forcedTool(parsed.data),
    ...(max_tokens === undefined ? {} : { outputTokensMax: max_tokens }),
  };
  const bounds = { temperatureMax: 1, outputRequired: true };
  const sampling = samplingProblems({ temperature, outputTokens: max_tokens }, bounds);
  if (call.forcedTool !== undefined && !call.tools.includes(call.forcedTool)) {
    problems.push({ rule: "shape", message: `tool_choice: there is no tool ${call.forcedTool}` });
  }
  return readingOf(call, [...problems, ...sampling, ...parsed.data.messages.flatMap(blockProblems)]);
}

function turnOf({ role, content }: Body["messages"][number]): Turn {
  const blocks = typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
  const said = blocks.map((block) => {
    if (block.type === "text") return block.text;
    return block.type === "tool_result" ? textOf(block.content) : "";
  });
  return {
    role,
    text: said.join(""),
    calls: blocks.flatMap((block) => (block.type === "tool_use" ? [{ id: block.id, name: block.name }] : [])),
    results: blocks.flatMap((block) => (block.type === "tool_result" ? [block.tool_use_id] : [])),
  };
}

/** Clients have models without structured output call a tool with the answer. */
function forcedTool({ tool_choice, tools }: Body): { forcedTool?: string } {
  if (tool_choice?.type !== "any" && tool_choice?.type !== "tool") return {};
  const forced = tool_choice.name ?? tools?.[0]?.name;
  return forced === undefined ? {} : { forcedTool: forced };
}

function blockProblems({ content }: Body["messages"][number], index: number): Problem[] {
  const empty =
    typeof content !== "string" && content.some((block) => block.type === "text" && block.text.trim() === "");
  return empty ? [{ rule: "empty-content", message: `messages.${index}: text content blocks must be non-empty` }] : [];
}
