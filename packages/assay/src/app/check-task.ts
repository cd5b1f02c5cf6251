import { type CheckInput, type CheckOutput, checkOutputSchema, type Digest } from "@assay/sdk";
import { functionLimits, raise, suiteShortfall } from "#domain";
import type { Run } from "#engine";
import { type Blobs, canonicalJson, digestOf, type Sandbox } from "#ports";
import { type AttestationDesk, attestedCheck, type DelegatedEnd, seenIn } from "#workflows";
import { executeCheck } from "./execute-check.ts";
import type { SentFile } from "./open-sent-project.ts";

export type CheckTaskParts = {
  blobs: Blobs;
  sandbox: Pick<Sandbox, "execute">;
  /** The project, whose installed dependencies the tests may use. */
  root: string;
  attestation?: AttestationDesk | undefined;
  /** Executes it here; default: in this machine's sandbox. */
  execute?: typeof executeCheck;
};

/**
 * A plan's check: done if the suite was seen to pass, here or by a tester whose report counts. Whoever says that it has done the task
 * says nothing of that. The run's journal has its end from the plan, for only that knows what was seen.
 */
export async function checkTask(
  run: Run,
  key: string,
  input: CheckInput,
  capabilities: readonly string[],
  parts: CheckTaskParts,
): Promise<DelegatedEnd> {
  const isolation = await run.step(`${key}.isolation`, null, async () => {
    const argv: [string] = ["true"];
    const probe = { argv, cwd: "/tmp", env: {}, mounts: [], limits: functionLimits };
    return (await parts.sandbox.execute(probe)).isolation;
  });
  const { result: digest, by } = await attestedCheck<Digest>(run, parts, {
    key,
    capabilities,
    input: async () => input,
    isolation,
    here: async (nth) => {
      const made = nth === 1 ? `${key}.here` : `${key}.here-${nth}`;
      const output = await run.step(made, { input: digestOf(canonicalJson(input)) }, (signal) => here(signal));
      return { seen: seenIn(await kept(parts.blobs, output)), result: output };
    },
    keep: async (output) => run.step(`${key}.kept`, null, () => keep(parts.blobs, output)),
  });
  const shortfall = suiteShortfall(await kept(parts.blobs, digest), input.suite.selection);
  const who = by === undefined ? "here" : `by ${by.worker}`;
  const told = { output: digest, journaled: false } as const;
  return shortfall === undefined
    ? { outcome: "done", detail: `the suite passed, seen ${who}`, ...told }
    : { outcome: "failed", detail: `${shortfall} (seen ${who})`, ...told };

  async function here(signal: AbortSignal): Promise<Digest> {
    const { execute = executeCheck, blobs, root } = parts;
    const files = await Promise.all(input.files.map((file) => sent(blobs, file)));
    return await keep(blobs, await execute(files, input.suite, { environment: root, signal }));
  }
}

async function sent(blobs: Blobs, { path, digest, executable }: CheckInput["files"][number]): Promise<SentFile> {
  const content = await blobs.get(digest);
  if (content === undefined) raise("config-invalid", `${path}, ${digest}, is not in the store`, "put it there first");
  return { path, content, executable: executable === true };
}

function keep(blobs: Blobs, output: CheckOutput): Promise<Digest> {
  return blobs.put(canonicalJson(output));
}

async function kept(blobs: Blobs, digest: Digest): Promise<CheckOutput> {
  const bytes = await blobs.get(digest);
  if (bytes === undefined)
    raise("journal-corrupt", `what a check showed, ${digest}, is not in the store`, "start a new run");
  return checkOutputSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
