import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelServer } from "../fakes/models/model-server.ts";
import { basePaths, testPrice, type WireProtocol } from "./loopback-model.ts";

/** A model by the name under which the user's configuration has it. */
export type ConfiguredModel = { name: string; model: string; protocol: WireProtocol } & Readonly<
  Record<string, unknown>
>;

/** The key that `envOfKey` holds. */
export const testKey = "test-key-of-loopback";
export const envOfKey = { LOOPBACK_KEY: testKey };

/** Writes `config.toml` of a user whose models all answer on a loopback server; further fields go into a model's table. */
export async function configureModels(
  home: string,
  server: ModelServer,
  models: readonly ConfiguredModel[],
): Promise<void> {
  const tables = models.map(({ name, protocol, ...fields }) => {
    const settings: Record<string, unknown> = {
      provider: "loopback",
      protocol,
      baseUrl: server.url + basePaths[protocol],
      keyEnv: "LOOPBACK_KEY",
      ...fields,
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    const price = Object.entries(testPrice).map(([key, value]) => `${key} = ${value}`);
    return [`[models.${name}]`, ...lines, `[models.${name}.price]`, ...price, ""].join("\n");
  });
  const directory = join(home, "config", "assay");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "config.toml"), tables.join("\n"));
}
