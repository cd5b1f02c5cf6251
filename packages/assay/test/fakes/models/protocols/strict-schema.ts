import { z } from "zod";
import type { Problem } from "../violation.ts";

const nodeSchema = z.looseObject({
  type: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
});

/**
 * What structured output refuses in a JSON Schema when it is strict: every object says `additionalProperties: false`, and,
 * with `allRequired` (OpenAI), requires all its properties; the root is an object.
 * Source: OpenAI, "Structured model outputs", supported schemas.
 */
export function strictSchemaProblems(schema: unknown, allRequired = true): Problem[] {
  const root = nodeSchema.safeParse(schema);
  const isObject = root.success && root.data.type === "object";
  const problems = isObject ? [] : [{ rule: "schema" as const, message: "the schema's root must be an object" }];
  return [...problems, ...walk(schema, "schema", allRequired)];
}

function walk(value: unknown, path: string, allRequired: boolean): Problem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => walk(item, `${path}.${index}`, allRequired));
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([key, item]) => walk(item, `${path}.${key}`, allRequired));
  const node = nodeSchema.safeParse(value);
  if (!node.success || node.data.type !== "object") return below;
  const problems: Problem[] = [];
  if (node.data.additionalProperties !== false) {
    problems.push({ rule: "schema", message: `${path}: additionalProperties must be false` });
  }
  const required = node.data.required ?? [];
  const missing = Object.keys(node.data.properties ?? {}).filter((name) => !required.includes(name));
  if (allRequired && missing.length > 0) {
    problems.push({ rule: "schema", message: `${path}: required must list ${missing.join(", ")}` });
  }
  return [...problems, ...below];
}
