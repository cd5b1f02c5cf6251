import * as sdk from "@assay/sdk";
import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";

/** Names under which the document describes what several operations share. */
const schemaRegistry = z
  .registry<{ id: string }>()
  .add(sdk.problemSchema, { id: "Problem" })
  .add(sdk.goalSchema, { id: "Goal" })
  .add(sdk.runViewSchema, { id: "Run" })
  .add(sdk.runDetailSchema, { id: "RunDetail" })
  .add(sdk.runEventSchema, { id: "RunEvent" })
  .add(sdk.budgetViewSchema, { id: "Budget" })
  .add(sdk.taskViewSchema, { id: "Task" })
  .add(sdk.workerViewSchema, { id: "Worker" })
  .add(sdk.circuitViewSchema, { id: "Circuit" })
  .add(sdk.apiKeyViewSchema, { id: "ApiKey" })
  .add(sdk.revokedKeySchema, { id: "RevokedKey" })
  .add(sdk.verificationSchema, { id: "Verification" });

const options = { schemaRegistry, zodToJsonConfig: { override: allowMore } };

type Transforms = Required<Pick<FastifyDynamicSwaggerOptions, "transform" | "transformObject">>;

export const documentTransform: Transforms["transform"] = createJsonSchemaTransform(options);

const describeShared = createJsonSchemaTransformObject(options);

/** The document with those shared schemas alone that something refers to: each would stand there as input and as output. */
export const documentTransformObject: Transforms["transformObject"] = (document) => {
  const described = describeShared(document);
  if (!("components" in described) || described.components?.schemas === undefined) return described;
  allowNoBody((described.paths ?? {}) as Described);
  const { schemas } = described.components;
  const used = referredTo(JSON.stringify(described.paths), schemas);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return described;
};

type Described = Record<string, { post?: { requestBody?: { required?: boolean } } } | undefined>;

/** An absent body is an empty one; the library takes every body for required. */
function allowNoBody(paths: Described): void {
  for (const { path, body } of Object.values<sdk.Route>(sdk.routes)) {
    const described = paths[path.replace(/:(\w+)/g, "{$1}")]?.post?.requestBody;
    if (described !== undefined && body?.safeParse({}).success === true) described.required = false;
  }
}

/** What is referred to may refer to more. */
function referredTo(text: string, schemas: Readonly<Record<string, unknown>>, known = new Set<string>()): Set<string> {
  for (const [, name = ""] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
    if (known.has(name)) continue;
    known.add(name);
    referredTo(JSON.stringify(schemas[name] ?? {}), schemas, known);
  }
  return known;
}

/**
 * An answer may gain fields with a later version, and the parts of an intersection know nothing of one another: only what was
 * declared strict is closed.
 */
function allowMore({ zodSchema, jsonSchema }: Parameters<NonNullable<z.core.ToJSONSchemaParams["override"]>>[0]): void {
  const { def } = zodSchema._zod;
  const strict = def.type === "object" && "catchall" in def && def.catchall?._zod.def.type === "never";
  if (!strict && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}
