import { z } from "zod";
import { createdSeconds } from "../protocol.ts";
import type { Inform } from "../routes.ts";
import type { ServedModel } from "../served-models.ts";

const details = {
  format: "gguf",
  family: "fake",
  families: ["fake"],
  parameter_size: "8B",
  quantization_level: "Q4_K_M",
};
const modified_at = new Date(createdSeconds * 1000).toISOString();
const sizeBytes = 4_000_000_000;

/** Older clients say `name`. */
const showSchema = z.union([z.looseObject({ model: z.string() }), z.looseObject({ name: z.string() })]);

/** `GET /api/version`. */
export const tellVersion: Inform = () => ({ status: 200, body: { version: "0.12.6" } });

/** `GET /api/tags`: what is there. */
export const tellTags: Inform = (models) => ({ status: 200, body: { models: models.map(described) } });

/** `GET /api/ps`: what is loaded, and the window that it was loaded with. */
export const tellRunning: Inform = (models) => {
  const loaded = models.filter((model) => model.loadedTokens !== undefined);
  const running = loaded.map((model) => ({
    ...described(model),
    expires_at: modified_at,
    size_vram: sizeBytes,
    context_length: model.loadedTokens,
  }));
  return { status: 200, body: { models: running } };
};

/**
 * `POST /api/show`: what a model could take is in `model_info`; what it gets is another matter, and only in `parameters`
 * if its maker set it.
 */
export const tellModel: Inform = (models, body) => {
  const asked = showSchema.safeParse(body);
  if (!asked.success) return { status: 400, body: { error: "model is required" } };
  const name = "model" in asked.data ? asked.data.model : asked.data.name;
  const model = models.find(({ id }) => id === name);
  if (model === undefined) return { status: 404, body: { error: `model '${String(name)}' not found` } };
  const window = model.numCtx === undefined ? [] : [`num_ctx                        ${model.numCtx}`];
  return {
    status: 200,
    body: {
      modelfile: `FROM ${model.id}\n`,
      parameters: [...window, 'stop                           "<|im_end|>"'].join("\n"),
      template: "{{ .Prompt }}",
      details,
      model_info: { "general.architecture": "fake", "fake.context_length": model.contextTokens },
      capabilities: ["completion", "tools"],
      modified_at,
    },
  };
};

function described({ id }: ServedModel): Record<string, unknown> {
  return { name: id, model: id, modified_at, size: sizeBytes, digest: "0".repeat(64), details };
}
