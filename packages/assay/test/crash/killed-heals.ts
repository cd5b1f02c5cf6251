import type { RunEvent } from "@assay/sdk";
import { type Ended, jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";

/** `crashAt`: a named crash point. `killAfterMs`: counted from the first event that it tells. */
export type HealDeath = { crashAt?: string; killAfterMs?: number };
export type HealCounts = { kills: number; acknowledged: number; lost: number; duplicated: number };

const livesMax = 12;

/**
 * `assay heal --apply` on a project of its own, killed as `death` says for each of its lives until it ends by itself. An event that it told of
 * is acknowledged; lost is one that the journal does not hold afterwards, and the change itself if it is not in the tree. Duplicated is a step
 * that finished twice, and a second result.
 */
export async function killedHeal(death: (life: number) => HealDeath): Promise<HealCounts> {
  await using copy = await projectCopy("python-prices");
  const counts: HealCounts = { kills: 0, acknowledged: 0, lost: 0, duplicated: 0 };
  const told = new Map<string, RunEvent>();
  for (let life = 0; ; life++) {
    if (life > livesMax) throw new Error(`heal has not ended after ${livesMax} lives`);
    const begun = await shown(copy.home, copy.project);
    const args = begun.length > 0 ? ["resume", "last", "-C", copy.project] : ["heal", copy.project, "--apply"];
    const ended = await liveOf(copy.home, args, death(life));
    for (const event of wholeLines(ended)) if ("runId" in event) told.set(`${event.seq}`, event);
    if (ended.signal === "SIGKILL") {
      counts.kills++;
      continue;
    }
    const events = await shown(copy.home, copy.project);
    const held = new Set(events.map((event) => JSON.stringify(event)));
    const acknowledged = [...told.values()].filter(({ type }) => type !== "result");
    counts.acknowledged = acknowledged.length;
    counts.lost = acknowledged.filter((event) => !held.has(JSON.stringify(event))).length;
    if (!resultOf(ended).applied || !(await isHealed(copy.home, copy.project))) counts.lost++;
    const steps = events.flatMap((event) => (event.type === "step-finished" ? [event.key] : []));
    counts.duplicated += steps.length - new Set(steps).size;
    counts.duplicated += events.filter(({ type }) => type === "result").length - 1;
    return counts;
  }
}

async function liveOf(home: string, args: readonly string[], { crashAt, killAfterMs }: HealDeath): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined;
  const ended = await runAssay(home, [...args, "--json"], {
    env: crashAt === undefined ? {} : { ASSAY_CRASH_AT: crashAt },
    onStdout: (_, pid) => {
      if (killAfterMs !== undefined) timer ??= setTimeout(() => killIfThere(pid), killAfterMs);
    },
  });
  clearTimeout(timer);
  return ended;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself a moment before.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A killed process may have told half a line. */
function wholeLines(ended: Ended): RunEvent[] {
  return jsonLines({ ...ended, stdout: ended.stdout.slice(0, ended.stdout.lastIndexOf("\n") + 1) });
}

/** The events of its one run; none where it has not begun one. */
async function shown(home: string, project: string): Promise<RunEvent[]> {
  const lines = jsonLines(await runAssay(home, ["show", "last", "-C", project, "--json"]));
  return lines[0]?.type === "run-started" ? lines : [];
}

async function isHealed(home: string, project: string): Promise<boolean> {
  return resultOf(await runAssay(home, ["heal", project, "--json"])).outcome === "nothing-to-do";
}
