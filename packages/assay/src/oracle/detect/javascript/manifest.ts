import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { raise } from "#domain";
import type { Snapshot } from "#ports";

const words = z.record(z.string(), z.string()).catch({});

const manifestSchema = z.looseObject({
  name: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  scripts: words.default({}),
  dependencies: words.default({}),
  devDependencies: words.default({}),
  engines: words.default({}),
  packageManager: z.string().optional().catch(undefined),
  jest: z.unknown().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

const bytesMax = 1024 * 1024;

/** The snapshot's `package.json`, absent parts empty; `undefined` if there is none. Raises `config-invalid` if it is no JSON object. */
export async function readManifest(snapshot: Snapshot): Promise<Manifest | undefined> {
  if (!snapshot.files.includes("package.json")) return undefined;
  const text = await readFile(join(snapshot.directory, "package.json"), "utf8");
  try {
    if (text.length > bytesMax) throw new RangeError(`longer than ${bytesMax} characters`);
    return manifestSchema.parse(JSON.parse(text.replace(/^\ufeff/, "")));
  } catch (error) {
    return raise(
      "config-invalid",
      `package.json cannot be read: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`,
      "Correct package.json.",
    );
  }
}
