import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { FaultError, fault } from "#domain";
import { pathProblem } from "#syntax";

const stateSchema = z.object({ text: z.string(), executable: z.boolean() });

/** One file of the user's tree as it was and as it shall be; `null` where there is none. */
const changeSchema = z.object({
  path: z.string().refine((path) => pathProblem(path) === undefined),
  before: stateSchema.nullable(),
  after: stateSchema.nullable(),
});
export type TreeChange = z.infer<typeof changeSchema>;

/** What is being written to a user's tree, kept until it is written. */
const intentSchema = z.object({ version: z.literal(1), root: z.string(), changes: z.array(changeSchema) });
export type Intent = z.infer<typeof intentSchema>;

const place = (stateDirectory: string) => join(stateDirectory, "apply", "intent.json");

/** The intent a crash left; a record that cannot be read is the fault `workspace-failed`. */
export async function readIntent(stateDirectory: string): Promise<Intent | undefined> {
  try {
    return intentSchema.parse(JSON.parse(await readFile(place(stateDirectory), "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new FaultError(
      fault(
        "workspace-failed",
        `${place(stateDirectory)} cannot be read: it tells which files an interrupted run was writing`,
        "compare the project with your version control, then remove that file",
      ),
      { cause: error },
    );
  }
}

/** Returns when the record survives a crash. */
export async function writeIntent(stateDirectory: string, intent: Intent): Promise<void> {
  const path = place(stateDirectory);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.fresh`;
  const file = await open(fresh, "w", 0o600);
  try {
    await file.writeFile(JSON.stringify(intent));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

export async function removeIntent(stateDirectory: string): Promise<void> {
  await rm(place(stateDirectory), { force: true });
}

/** Makes renames and removals in a folder survive a crash. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
