/**
 * How long a workspace of a 10,000-file project takes. Budget (design, section 9): p50 of open and mount ≤ 20 ms where
 * overlay works. Prints a table and, as its last line, JSON. Run: `node packages/assay/test/bench/workspace-create.ts`.
 */
import { attemptName, functionLimits, runId } from "#domain";
import { openSandbox } from "#sandbox";
import { LayeredWorkspaces } from "#workspace";
import { scratch } from "../support/scratch.ts";

const files = 10_000;
const budgetMs = 20;
const rounds = { overlay: 200, copy: 5 };

await using space = await scratch();
const content = "def f(x):\n    return x\n".repeat(60);
const names = Array.from({ length: files }, (_, index) => `pkg${index % 100}/sub${index % 7}/module${index}.py`);
const root = await space.tree("project", Object.fromEntries(names.map((name) => [name, `# ${name}\n${content}`])));

const overlay = await measure(true, rounds.overlay);
const copy = await measure(false, rounds.copy);
const seen = await measureInSandbox(30);
const within = overlay.openAndMount.p50Ms <= budgetMs;

console.table({
  "snapshot, first": { p50Ms: overlay.firstSnapshotMs },
  "snapshot, reused": { p50Ms: overlay.reusedSnapshotMs },
  "open + mount, overlay": overlay.openAndMount,
  "open + edit + mount, overlay": overlay.openEditAndMount,
  "sandboxed `true` without workspace": seen.without,
  "sandboxed `true` with workspace": seen.withWorkspace,
  [`open + mount, ${copy.method}`]: copy.openAndMount,
});
console.log(JSON.stringify({ bench: "workspace-create", files, budgetMs, within, overlay, copy, seen }));
process.exitCode = within ? 0 : 1;

async function measure(withOverlay: boolean, times: number) {
  const workspaces = new LayeredWorkspaces({
    stateDirectory: `${space.path}/state-${withOverlay}`,
    overlay: withOverlay,
  });
  const firstSnapshotMs = await timed(() => workspaces.snapshot(root));
  const reusedSnapshotMs = await timed(() => workspaces.snapshot(root));
  const snapshot = await workspaces.snapshot(root);
  let method = "";
  const round = async (index: number, edit: boolean) => {
    const name = attemptName(runId("bench-0123456789"), edit ? "edit" : "plain", `${index}`);
    let workspace: Awaited<ReturnType<typeof workspaces.open>> | undefined;
    const ms = await timed(async () => {
      workspace = await workspaces.open(snapshot, name);
      if (edit)
        await workspace.apply([{ kind: "update", path: names[0] ?? "", oldStr: "# pkg0", newStr: "# changed" }]);
      method = (await workspace.mount()).method;
    });
    await workspace?.[Symbol.asyncDispose]();
    return ms;
  };
  const plain: number[] = [];
  const edited: number[] = [];
  for (let index = 0; index < times; index += 1) plain.push(await round(index, false));
  for (let index = 0; index < times; index += 1) edited.push(await round(index, true));
  return { method, firstSnapshotMs, reusedSnapshotMs, openAndMount: spread(plain), openEditAndMount: spread(edited) };
}

/** What the sandbox adds to a launch to show the workspace; nothing where it cannot mount an overlay. */
async function measureInSandbox(times: number) {
  const opened = await openSandbox({ unsafe: false }).catch(() => undefined);
  if (opened?.overlay !== true) return {};
  const workspaces = new LayeredWorkspaces({ stateDirectory: `${space.path}/state-true`, overlay: true });
  const name = attemptName(runId("bench-0123456789"), "seen", "1");
  await using workspace = await workspaces.open(await workspaces.snapshot(root), name);
  const launch = async (shown: boolean) => {
    const { termination } = await opened.sandbox.execute({
      argv: ["true"],
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      ...(shown && { workspace: await workspace.mount() }),
      mounts: [],
      limits: functionLimits,
    });
    if (termination.kind !== "exited") throw new Error(JSON.stringify(termination));
  };
  const [without, withWorkspace]: [number[], number[]] = [[], []];
  for (let index = 0; index < times; index += 1) {
    without.push(await timed(() => launch(false)));
    withWorkspace.push(await timed(() => launch(true)));
  }
  return { without: spread(without), withWorkspace: spread(withWorkspace) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round((performance.now() - started) * 100) / 100;
}

function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95), times: sorted.length };
}
