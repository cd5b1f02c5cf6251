import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { routerNameSchema } from "@assay/sdk";
import { z } from "zod";
import { raise } from "#domain";
import { configDirectory } from "#ports";
import { agentConfigSchema, modelsSettingsSchema } from "#proposers";
import { configSchema, parseData } from "./config.ts";

/**
 * `$XDG_CONFIG_HOME/assay/config.toml`: what a user has on this machine. Where keys go and which programs are started stands only here: a
 * project's own configuration comes with the project, and could send them elsewhere.
 */
export const userConfigSchema = z.strictObject({
  models: modelsSettingsSchema.optional(),
  agents: z.record(z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/), agentConfigSchema).optional(),
  propose: z
    .strictObject({
      proposers: z.array(z.string().min(1)).min(1).optional().meta({
        description: "Who is asked where the command line names nobody: search, model:NAME, agent:NAME, human, worker.",
      }),
      router: routerNameSchema.optional(),
    })
    .optional(),
  workers: z
    .strictObject({
      sampleRate: z.number().min(0).max(1).optional().meta({
        description: "Part of the reports of trusted testers that the daemon executes again. Default: 0.1.",
      }),
    })
    .optional(),
  budget: configSchema.shape.budget,
});
export type UserConfig = z.infer<typeof userConfigSchema>;

export function userConfigPath(): string {
  return join(configDirectory(), "config.toml");
}

/** Empty when there is none. Fault: `config-invalid`. */
export async function readUserConfig(path = userConfigPath()): Promise<UserConfig> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    raise("config-invalid", `${path} cannot be read: ${message}`);
  }
  return parseData(path, text, userConfigSchema, "mend it, or move it away");
}
