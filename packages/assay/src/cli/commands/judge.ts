import { open } from "node:fs/promises";
import type { ChangeKind, Goal, GuardrailPolicy, VerdictLevel } from "@assay/sdk";
import { raise } from "#domain";
import { abortOnInterrupt } from "../interrupt.ts";
import { openShown } from "../open-shown.ts";
import { writeJudgementFiles } from "../output/judgement-files.ts";
import { runOutput } from "../output/run-output.ts";

export type JudgeOptions = {
  base: string;
  head?: string;
  patch?: string;
  expect?: ChangeKind;
  tests: string[];
  allowTestChanges?: boolean;
  guardrails: GuardrailPolicy;
  maxUnproven: number;
  minLevel?: VerdictLevel;
  maxTime?: number;
  sarif?: string;
  markdown?: string;
  /** Commander's form of `--unsafe-no-sandbox`. */
  unsafeNoSandbox?: boolean;
  force?: boolean;
  json?: boolean;
};

const patchBytesMax = 16 * 1024 * 1024;

export async function judgeCommand(directory: string, options: JudgeOptions): Promise<void> {
  if (options.head !== undefined && options.patch !== undefined) {
    raise("usage", "--head and --patch are two changes", "give one of them");
  }
  using output = runOutput(options.json === true);
  using interrupt = abortOnInterrupt();
  await using project = await openShown(directory, output, options);
  const goal: Goal = {
    kind: "judge",
    root: project.root,
    base: options.base,
    change: await changeOf(options, project.keep),
    ...(options.expect === undefined ? {} : { expect: options.expect }),
    tests: options.tests,
    allowTestChanges: options.allowTestChanges === true,
    guardrails: options.guardrails,
    unprovenHunksMax: options.maxUnproven,
    ...(options.minLevel === undefined ? {} : { minLevel: options.minLevel }),
  };
  const { result, runId } = await project.start(goal, {
    ...(options.maxTime === undefined ? {} : { secondsMax: options.maxTime }),
    force: options.force === true,
    signal: interrupt.signal,
  });
  await writeJudgementFiles(await project.events(runId), result, options);
  output.result(result, runId, project.root);
  process.exitCode = result.exitCode;
}

type Change = Extract<Goal, { kind: "judge" }>["change"];

async function changeOf(
  { head, patch }: JudgeOptions,
  keep: (content: Uint8Array) => Promise<Extract<Change, { kind: "patch" }>["digest"]>,
): Promise<Change> {
  if (head !== undefined) return { kind: "revision", head };
  if (patch === undefined) return { kind: "tree" };
  return { kind: "patch", digest: await keep(await readPatch(patch)) };
}

/** `-` is standard input. */
async function readPatch(given: string): Promise<Uint8Array> {
  const advice = "give the path of a unified diff, or - for standard input: git diff BASE > FILE";
  await using file = await open(given === "-" ? "/dev/stdin" : given).catch((error: Error) =>
    raise("usage", `the patch cannot be read: ${error.message}`, advice),
  );
  if ((await file.stat()).isDirectory()) raise("usage", `${given} is a folder, not a patch`, advice);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of file.createReadStream()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > patchBytesMax)
      raise("usage", `${given} is larger than ${patchBytesMax} bytes`, "judge a smaller change");
  }
  if (size === 0) raise("usage", `${given === "-" ? "standard input" : given} is empty`, advice);
  return Buffer.concat(chunks);
}
