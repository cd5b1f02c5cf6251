import { z } from "zod";
import { protocols } from "./providers/protocols.ts";

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "names are lower-case letters, digits, dots, dashes and underscores");

const priceSchema = z.strictObject({
  input: z.number().min(0).meta({ description: "US dollars for a million tokens of input." }),
  output: z.number().min(0),
  cachedInput: z.number().min(0).optional(),
});

/** A model as the user configures it. */
export const modelSettingsSchema = z.strictObject({
  provider: name.meta({ description: "anthropic, openai, google, ollama…, or a name of your own with `baseUrl`." }),
  model: z.string().min(1).max(200).meta({ description: "As the provider calls it." }),
  protocol: z.enum(protocols).optional(),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).username === "" && new URL(url).password === "", {
      error: "a base URL must not hold a password: name the key's variable as keyEnv",
    })
    .optional(),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .meta({ description: "The environment variable that holds the key." }),
  family: name.optional().meta({ description: "Models made alike; one never judges what one of its family wrote." }),
  contextTokensMax: z.int().min(1024).max(10_000_000).optional(),
  outputTokensMax: z.int().min(64).max(1_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  structured: z.boolean().optional().meta({ description: "The provider holds answers to a JSON schema." }),
  price: priceSchema.optional(),
  idleSecondsMax: z.number().positive().max(3600).optional(),
  callSecondsMax: z.number().positive().max(7200).optional(),
  requestsPerMinuteMax: z.int().positive().optional(),
  concurrentMax: z.int().positive().max(256).optional(),
});
export type ModelSettings = z.infer<typeof modelSettingsSchema>;

/** By the name that `--proposer model:NAME` takes. */
export const modelsSettingsSchema = z.record(name, modelSettingsSchema);
