import { z } from "zod";
import type { Reading, WireRequest } from "../protocol.ts";
import type { Turn } from "../reply.ts";
import type { Problem } from "../violation.ts";
import { readingOf, samplingProblems, shapeProblems } from "./reading.ts";

const textPartSchema = z.strictObject({ text: z.string(), thoughtSignature: z.string().optional() });

const partSchema = z.union([
  textPartSchema,
  z.strictObject({
    functionCall: z.strictObject({ id: z.string().optional(), name: z.string().min(1), args: z.unknown().optional() }),
    thoughtSignature: z.string().optional(),
  }),
  z.strictObject({
    functionResponse: z.strictObject({ id: z.string().optional(), name: z.string().min(1), response: z.unknown() }),
  }),
]);

const contentSchema = z.strictObject({ role: z.enum(["user", "model"]), parts: z.array(partSchema).min(1) });

/** Other fields are refused, as Google does ("Unknown name"). */
const bodySchema = z.strictObject({
  contents: z.array(contentSchema).min(1),
  systemInstruction: z.strictObject({ role: z.string().optional(), parts: z.array(textPartSchema).min(1) }).optional(),
  generationConfig: z
    .strictObject({
      maxOutputTokens: z.number().optional(),
      temperature: z.number().optional(),
      topP: z.number().min(0).max(1).optional(),
      topK: z.number().optional(),
      seed: z.number().int().optional(),
      stopSequences: z.array(z.string()).max(5).optional(),
      frequencyPenalty: z.number().optional(),
      presencePenalty: z.number().optional(),
      responseMimeType: z.string().optional(),
      responseSchema: z.record(z.string(), z.unknown()).optional(),
      responseJsonSchema: z.record(z.string(), z.unknown()).optional(),
      thinkingConfig: z.looseObject({}).optional(),
    })
    .optional(),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).optional() }))
    .optional(),
  toolConfig: z.looseObject({}).optional(),
  safetySettings: z.array(z.looseObject({})).optional(),
});

type Content = z.infer<typeof contentSchema>;

/** Reads a request to generate content; which model and whether it streams is in the path. */
export function readGoogle({ body, model, stream }: WireRequest): Reading {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { kind: "problems", problems: shapeProblems(parsed.error) };
  const { contents, systemInstruction, generationConfig, tools } = parsed.data;
  const system = systemInstruction?.parts.map((part) => part.text).join("\n");
  const outputTokens = generationConfig?.maxOutputTokens;
  const declared = (tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []);
  const call = {
    model: model ?? "",
    stream: stream ?? false,
    conversation: { ...(system === undefined ? {} : { system }), turns: contents.map(turnOf) },
    tools: declared.map((tool) => tool.name),
    streamUsage: true,
    ...(outputTokens === undefined ? {} : { outputTokensMax: outputTokens }),
  };
  const problems: Problem[] = samplingProblems(
    { temperature: generationConfig?.temperature, outputTokens },
    { temperatureMax: 2, outputRequired: false },
  );
  const schema = generationConfig?.responseJsonSchema ?? generationConfig?.responseSchema;
  if (schema !== undefined && generationConfig?.responseMimeType !== "application/json") {
    problems.push({ rule: "schema", message: "a response schema needs responseMimeType application/json" });
  }
  return readingOf(call, problems);
}

function turnOf({ role, parts }: Content): Turn {
  const calls = parts.flatMap((part) => ("functionCall" in part ? [part.functionCall] : []));
  const responses = parts.flatMap((part) => ("functionResponse" in part ? [part.functionResponse] : []));
  const said = parts.map((part) => ("text" in part ? part.text : ""));
  const answered = responses.map((response) => JSON.stringify(response.response));
  return {
    role: role === "model" ? "assistant" : "user",
    text: [...said, ...answered].join(""),
    // Calls without an id are paired by their name.
    calls: calls.map(({ id, name }) => ({ id: id ?? name, name })),
    results: responses.map(({ id, name }) => id ?? name),
  };
}
