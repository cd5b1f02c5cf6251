import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GivenFile, Result, RunEvent } from "@assay/sdk";
import { Engine } from "#engine";
import { ProjectDetection } from "#oracle";
import type { Proposer } from "#ports";
import { InOrderRouter } from "#proposers";
import { loadSigner } from "#receipt";
import { FileBlobs, MemoryJournal, ProcessOwners } from "#store";
import { type SolveGoal, solveWorkflow } from "#workflows";
import { openStateDirectory, statePlaces } from "../../src/app/state-directory.ts";
import { workflowTools } from "../../src/app/workflow-tools.ts";

const repositoryModules = join(import.meta.dirname, "../../../../node_modules");

export type SolvePlace = AsyncDisposable & {
  home: string;
  root: string;
  /** Has a text stored as a file of the user's. */
  given(name: string, text: string): Promise<GivenFile>;
  solve(
    proposer: Proposer,
    goal: Partial<SolveGoal> & Pick<SolveGoal, "tests">,
    attemptsMax?: number,
  ): Promise<{ result: Result; events: RunEvent[]; runFolder: string }>;
};

/** An empty project in a home of its own, with all that runs in the real program but the models. */
export async function solvePlace(modules: readonly string[] = []): Promise<SolvePlace> {
  const home = await mkdtemp(join(tmpdir(), "assay-solve-"));
  await chmod(home, 0o755);
  const root = join(home, "a project");
  await mkdir(join(root, "node_modules"), { recursive: true });
  for (const each of modules) await symlink(join(repositoryModules, each), join(root, "node_modules", each));
  const places = statePlaces(await openStateDirectory(root));
  const blobs = new FileBlobs(places.blobs);
  const tools = await workflowTools({ places, blobs, config: {} });
  const engine = new Engine({ journal: new MemoryJournal(), blobs, owners: new ProcessOwners(), assayVersion: "0" });
  return {
    home,
    root,
    given: async (name, text) => ({ path: join(root, name), digest: await blobs.put(text) }),
    async solve(proposer, given, attemptsMax = 3) {
      const goal: SolveGoal = {
        kind: "solve",
        root,
        hidden: [],
        guardrails: "warn",
        force: false,
        keepUnproven: false,
        ...given,
      };
      const events: RunEvent[] = [];
      const workflow = solveWorkflow({
        ...tools,
        detector: new ProjectDetection({ environmentRoot: root }),
        panel: async () => ({ proposers: [proposer], router: new InOrderRouter() }),
        signer: () => loadSigner({ HOME: home, XDG_CONFIG_HOME: join(home, "config") }),
      });
      const budget = { wallMsMax: 600_000, candidatesMax: 1000, attemptsMax };
      const { result, run } = await engine.start(workflow, goal, { budget, onEvent: (event) => events.push(event) });
      return { result, events, runFolder: join(places.runs, run) };
    },
    async [Symbol.asyncDispose]() {
      await rm(home, { recursive: true, force: true });
    },
  };
}

export function readText(path: string | undefined): Promise<string> {
  return readFile(path ?? "", "utf8");
}
