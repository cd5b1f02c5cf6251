import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { runnerNameSchema } from "@assay/sdk";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { raise } from "#domain";

/** `assay.config.{toml,yaml,json}`: data, never code. Every field may be left out. It comes with the project, and is not trusted. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  runner: runnerNameSchema.optional().meta({ description: "How the project is tested; detected when left out." }),
  sandbox: z.enum(["auto", "bubblewrap", "container"]).optional().meta({
    description: "What isolates the project's code: bubblewrap, or Podman or Docker. Default: what works here.",
  }),
  budget: z
    .strictObject({
      seconds: z.number().positive().max(604_800).optional().meta({ description: "Wall clock of one run." }),
      attempts: z.int().positive().max(1_000_000).optional().meta({ description: "Candidates judged in one run." }),
      usd: z.number().positive().max(100_000).optional().meta({ description: "What models may cost in one run." }),
      tokens: z.int().positive().optional().meta({ description: "Of prompts and answers together, in one run." }),
      requests: z.int().positive().optional().meta({ description: "To models, in one run." }),
    })
    .optional(),
});
export type Config = z.infer<typeof configSchema>;

const bytesMax = 256 * 1024;
const names = ["assay.config.toml", "assay.config.yaml", "assay.config.yml", "assay.config.json"] as const;

/** Reads the project's configuration; empty when there is none. A link is not followed. Fault: `config-invalid`. */
export async function readConfig(root: string): Promise<Config> {
  const name = await findConfig(root);
  if (name === undefined) return {};
  await using file = await open(join(root, name), constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: Error) =>
    raise("config-invalid", `${name} cannot be opened: ${error.message}`, "make it an ordinary file that can be read"),
  );
  if ((await file.stat()).size > bytesMax) raise("config-invalid", `${name} is larger than ${bytesMax} bytes`);
  return parseConfig(name, await file.readFile("utf8"));
}

/** The name of the project's configuration file. Fault: `config-invalid` when there are two. */
export async function findConfig(root: string): Promise<string | undefined> {
  const entries = new Set(await readdir(root));
  const [name, other] = names.filter((candidate) => entries.has(candidate));
  if (other !== undefined) raise("config-invalid", `both ${name} and ${other} exist`, "keep one of them");
  return name;
}

export function parseConfig(name: string, text: string): Config {
  return parseData(name, text, configSchema, "`assay init` writes a valid one");
}

/** TOML, YAML or JSON by the name's ending. Fault: `config-invalid`, with every problem by its path. */
export function parseData<T>(name: string, text: string, schema: z.ZodType<T>, remedy: string): T {
  let data: unknown;
  try {
    data = name.endsWith(".toml")
      ? parseToml(text)
      : name.endsWith(".json")
        ? JSON.parse(text)
        : parseYaml(text, { maxAliasCount: 10 });
  } catch (error) {
    raise("config-invalid", `${name} cannot be read: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(data ?? {});
  if (!parsed.success) raise("config-invalid", `${name}: ${z.prettifyError(parsed.error)}`, remedy);
  return parsed.data;
}
