import { copyFile, mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type DatasetName, datasetNameSchema, type Goal } from "@assay/sdk";
import { modelId, type OpenProject } from "#app";
import { raise } from "#domain";
import { evalFiles, fetchData, readDataset, readSamples, selectProblems } from "#eval";
import { type BudgetOptions, budgetFlags } from "../definitions/proposing-options.ts";
import { abortOnInterrupt } from "../interrupt.ts";
import { openShown } from "../open-shown.ts";
import { runOutput } from "../output/run-output.ts";

export type EvalOptions = BudgetOptions & {
  data?: string;
  sha256?: string;
  proposer: string;
  visible: string;
  learn?: boolean;
  k: string;
  workers?: number;
  tasks: string[];
  limit?: number;
  seed: number;
  samples?: number;
  rounds?: number;
  temperature?: number;
  dir: string;
  csv?: string;
  out?: string;
  /** Commander's form of `--unsafe-no-sandbox`. */
  unsafeNoSandbox?: boolean;
  force?: boolean;
  json?: boolean;
};

type EvalGoal = Extract<Goal, { kind: "eval" }>;

const workersMax = 256;
/** An evaluation is as long as its data: without `--max-time` nothing but a week ends it. */
const secondsMax = 7 * 24 * 3600;

export async function evalCommand(name: string, options: EvalOptions): Promise<void> {
  const dataset = datasetNameSchema.safeParse(name);
  if (!dataset.success) {
    raise("usage", `there is no dataset ${name}`, `give one of ${datasetNameSchema.options.join(", ")}`);
  }
  using output = runOutput(options.json === true);
  using interrupt = abortOnInterrupt();
  await using project = await openShown(options.dir, output, options);
  const goal = await goalOf(dataset.data, options, project, interrupt.signal);
  const { result, runId } = await project.start(goal, {
    ...budgetFlags({ ...options, maxTime: options.maxTime ?? secondsMax }),
    force: options.force === true,
    signal: interrupt.signal,
  });
  if (result.report !== undefined) await copyFiles(dirname(result.report), options);
  output.result(result, runId, project.root);
  process.exitCode = result.exitCode;
}

/** Everything that can be wrong with what was asked for is said before a run begins. */
async function goalOf(
  dataset: DatasetName,
  options: EvalOptions,
  project: OpenProject,
  signal: AbortSignal,
): Promise<EvalGoal> {
  const { data = raise("usage", "there is no data", "give --data FILE, or --data URL with --sha256 HEX") } = options;
  const bytes = await fetchData(data, options.sha256, signal);
  const problems = readDataset(dataset, bytes, data);
  const { proposer, samples } = await proposerOf(options.proposer);
  const { tasks, limit } = options;
  const named = tasks.length === 0 ? problems.map(({ task }) => task) : tasks;
  const goal: EvalGoal = {
    kind: "eval",
    root: project.root,
    dataset,
    data: { source: data, digest: await project.keep(bytes) },
    proposer:
      proposer === "samples" && samples !== undefined
        ? { kind: "samples", source: samples.source, digest: await project.keep(samples.bytes) }
        : typeof proposer === "object"
          ? { ...proposer, ...samplingOf(options) }
          : { kind: proposer === "search" ? "search" : "canonical" },
    visible: visibleOf(options.visible),
    k: parseKs(options.k),
    workers: Math.min(workersMax, options.workers ?? availableParallelism()),
    ...(tasks.length === 0 && limit === undefined ? {} : { tasks: named.slice(0, limit) }),
    ...(options.learn ? { learn: true } : {}),
    seed: options.seed,
  };
  const read = samples === undefined ? new Map() : readSamples(samples.bytes, samples.source, problems);
  selectProblems(goal, problems, read);
  return goal;
}

async function proposerOf(text: string) {
  if (text === "canonical" || text === "search") return { proposer: text } as const;
  if (text.startsWith("model:")) {
    const name = text.slice("model:".length);
    return { proposer: { kind: "model", name, model: await modelId(name) } } as const;
  }
  const source = text.startsWith("samples:") ? text.slice("samples:".length) : "";
  if (source === "")
    raise("usage", `there is no proposer ${text}`, "give canonical, search, model:NAME or samples:FILE");
  return { proposer: "samples", samples: { source, bytes: await fetchData(resolve(source)) } } as const;
}

/** One candidate for each task, and no round after the first, unless asked for. */
function samplingOf({ samples = 1, rounds = 1, temperature }: EvalOptions) {
  return { samples, rounds, ...(temperature === undefined ? {} : { temperature }) };
}

function visibleOf(text: string): EvalGoal["visible"] {
  if (text === "test" || text === "example_test") return text;
  return raise("usage", `there are no tests named ${text}`, "give --visible test or example_test");
}

function parseKs(text: string): number[] {
  const ks = text.split(",").map(Number);
  if (ks.some((k) => !Number.isInteger(k) || k < 1 || k > 10_000)) {
    raise("usage", `--k ${text} is no list of whole numbers from 1`, "give e.g. --k 1,10");
  }
  return [...new Set(ks)].sort((a, b) => a - b);
}

async function copyFiles(from: string, { csv, out }: EvalOptions): Promise<void> {
  const copy = async (name: string, to: string) => {
    await mkdir(dirname(to), { recursive: true }).catch(() => undefined);
    await copyFile(join(from, name), to).catch((error: Error) =>
      raise("usage", `${to} cannot be written: ${error.message}`, `the run's own files are in ${from}`),
    );
  };
  if (csv !== undefined) await copy(evalFiles.csv, resolve(csv));
  if (out !== undefined) for (const name of Object.values(evalFiles)) await copy(name, join(resolve(out), name));
}
