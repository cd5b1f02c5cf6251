import type { ChangeHunk } from "@assay/sdk";
import { attemptName } from "#domain";
import type { Run } from "#engine";
import { whyNotExecuted } from "#oracle";
import { digestOf, type Workspace } from "#ports";
import { combineHunks, type ListedHunk, listHunks, reverseDiff } from "#workspace";
import { observe } from "../shared/observe.ts";
import { type Gathered, limitsOf, record } from "./gather.ts";
import type { Subject } from "./subject.ts";
import { textOf } from "./test-changes.ts";
import type { JudgeTools } from "./tools.ts";

/** Each costs a run of the suite. */
const hunksMax = 100;
const hunksMsMax = 15 * 60_000;

/** Takes each hunk of the source back alone, and sees what turns red. */
export async function tryHunks(
  run: Run,
  tools: JudgeTools,
  subject: Subject,
  gathered: Gathered,
): Promise<ChangeHunk[]> {
  const all = listHunks(subject.difference.diff);
  const source = all.filter(({ file }) => !subject.oraclePaths.has(file));
  const hunks: ChangeHunk[] = [];
  let spentMs = 0;
  let tried = 0;
  for (const [index, hunk] of source.entries()) {
    const { file, line, lines } = hunk;
    const place = { file, line, lines };
    tools.progress({ kind: "counting", what: "hunks taken back", done: index, total: source.length });
    const prepared = await run.step(`hunk-${index + 1}.prepare`, { patch: subject.patch, index }, () =>
      prepare(run, tools, subject, all, hunk),
    );
    if (prepared.kind !== "ready") {
      hunks.push({ ...place, standing: prepared.kind, why: prepared.why });
      continue;
    }
    if (tried >= hunksMax || spentMs >= hunksMsMax) {
      const why = tried >= hunksMax ? `only ${hunksMax} hunks are tried` : "the time for trying hunks was over";
      hunks.push({ ...place, standing: "untried", why });
      continue;
    }
    tried += 1;
    const without = digestOf(combineHunks(all.filter((other) => other !== hunk).map(({ diff }) => diff)));
    const key = `hunk-${index + 1}`;
    const observeWithout = (step: string) =>
      record(run, tools, gathered, { key: step, input: { without }, isHead: true }, async () => {
        await using workspace = await openWithout(run, tools, subject, hunk, prepared.content, step);
        return await observe(tools, {
          purpose: "hunk-reverted",
          snapshot: subject.head.snapshot,
          profile: subject.head.profile,
          workspace,
          base: subject.base.snapshot.digest,
          patch: without,
          ...limitsOf(gathered),
          signal: run.abort,
        });
      });
    const first = await observeWithout(key);
    spentMs += first.durationMs;
    // One timeout may be the machine's: it counts only if it is seen again.
    if (first.termination.kind === "timed-out") spentMs += (await observeWithout(`${key}-again`)).durationMs;
    hunks.push({ ...place, standing: "tried", without });
  }
  for (const path of subject.difference.binary.filter((path) => !subject.oraclePaths.has(path))) {
    const why = "not text: it cannot be taken back alone";
    hunks.push({ file: path, line: 1, lines: 0, standing: "untried", why });
  }
  return hunks;
}

/** `content`: the hunk's file without it; absent where the file comes, goes or moves as a whole. */
type Prepared = { kind: "ready"; content?: string } | { kind: "excused" | "untried"; why: string };

async function prepare(
  run: Run,
  tools: JudgeTools,
  { base, head }: Subject,
  all: readonly ListedHunk[],
  hunk: ListedHunk,
): Promise<Prepared> {
  const now = await textOf(head.snapshot, hunk.file);
  if (hunk.whole) {
    const why = whyNotExecuted(hunk.file, now === undefined ? undefined : "", now ?? "");
    if (why !== undefined) return { kind: "excused", why };
    await using workspace = await tools.workspaces.open(head.snapshot, attemptName(run.id, "judge", "hunk-probe"));
    const applied = await workspace.apply([{ kind: "diff", diff: reverseDiff(hunk.diff) }]);
    return applied.kind === "applied"
      ? { kind: "ready" }
      : { kind: "untried", why: `it cannot be taken back alone: ${applied.problems[0]?.message ?? ""}` };
  }
  // Made from the base, where every hunk has its place: taken back from the head it might match somewhere else.
  const others = all.filter((other) => other !== hunk && other.file === hunk.file).map(({ diff }) => diff);
  await using workspace = await tools.workspaces.open(base.snapshot, attemptName(run.id, "judge", "hunk-probe"));
  if (others.length > 0) await workspace.apply([{ kind: "diff", diff: combineHunks(others) }]);
  const content = await workspace.read(hunk.file);
  if (content === undefined) return { kind: "untried", why: "its file cannot be made without it" };
  const why = whyNotExecuted(hunk.file, content, now);
  return why === undefined ? { kind: "ready", content } : { kind: "excused", why };
}

async function openWithout(
  run: Run,
  tools: JudgeTools,
  { head }: Subject,
  hunk: ListedHunk,
  content: string | undefined,
  key: string,
): Promise<Workspace> {
  const workspace = await tools.workspaces.open(head.snapshot, attemptName(run.id, "judge", key));
  const applied = await workspace.apply([
    content === undefined
      ? { kind: "diff", diff: reverseDiff(hunk.diff) }
      : { kind: "rewrite", path: hunk.file, content },
  ]);
  if (applied.kind === "failed") throw new Error(`applied before, not now: ${JSON.stringify(applied.problems)}`);
  return workspace;
}
