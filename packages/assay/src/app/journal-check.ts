import { join } from "node:path";
import type { Digest, RunEvent } from "@assay/sdk";
import { illFormed, raise } from "#domain";
import { project } from "#engine";
import type { Owners } from "#ports";
import {
  checkBlobs,
  checkDatabase,
  type JournalCheck,
  ProcessOwners,
  removeLeftovers,
  type Salvage,
  salvageDatabase,
} from "#store";
import { openStateDirectory, statePlaces } from "./state-directory.ts";

export type { JournalCheck } from "#store";

/** Of damaged or missing blobs, runs that were interrupted: so many are named, and the rest counted. */
const namedMax = 20;

/** Looks at the journal of a project and at what it refers to. Changes nothing. */
export async function examineJournal(directory: string): Promise<JournalCheck[]> {
  const places = statePlaces(await openStateDirectory(directory));
  const owners = new ProcessOwners();
  const { checks, runs } = await checkDatabase(places.journal, owners);
  const blobs = await checkBlobs(places.blobs);
  return [
    ...checks,
    ...interrupted(runs, owners),
    ...strangeGoals(runs),
    ...missingBlobs(runs, blobs.intact),
    ...named(blobs.damaged, "blob", "damaged", (path) => ({
      detail: `${path} is not what its name says`,
      remedy: "restore it from a copy; what refers to it can no longer be verified",
    })),
    { check: "blobs", status: "ok", detail: `${blobs.intact.size} match their digest` },
    ...named(blobs.leftover, "leftover", "limited", (path) => ({
      detail: `${path} was being written by a process that is gone`,
      remedy: "remove it: assay doctor --journal --fix",
    })),
  ];
}

export type Repair = { checks: JournalCheck[]; salvage?: Salvage; swept: number };

/**
 * Removes what dead processes left, and where the database is damaged puts a sound one with everything that can be read in its place,
 * after a copy of all its files was made. Throws a `FaultError`: `run-locked` while an assay works on the project.
 */
export async function repairJournal(directory: string): Promise<Repair> {
  const state = await openStateDirectory(directory);
  const places = statePlaces(state);
  const { checks, runs } = await checkDatabase(places.journal, new ProcessOwners());
  const owners = new ProcessOwners();
  const held = checks.find(({ check, status }) => check === "lock" && status === "ok");
  const running = [...runs].find(([, events]) => liveOwner(events, owners));
  if (held !== undefined || running !== undefined) {
    raise(
      "run-locked",
      `the journal is in use: ${held?.detail ?? running?.[0]}`,
      "stop it, then try again: assay doctor --journal --fix",
    );
  }
  const blobs = await checkBlobs(places.blobs);
  await removeLeftovers(blobs);
  const swept = blobs.leftover.length;
  if (!checks.some(({ status }) => status === "damaged")) return { checks: await examineJournal(directory), swept };
  const salvage = await salvageDatabase(places.journal, join(state.path, `journal-before-${stamp(new Date())}`));
  return { checks: await examineJournal(directory), salvage, swept };
}

function stamp(now: Date): string {
  return now.toISOString().replaceAll(/[^0-9]/g, "");
}

function liveOwner(events: readonly RunEvent[], owners: Owners): boolean {
  const { status, owner } = project(events);
  return status === "running" && owner !== undefined && owners.liveness(owner) === "alive";
}

function interrupted(runs: ReadonlyMap<string, readonly RunEvent[]>, owners: Owners): JournalCheck[] {
  const left = [...runs].filter(([, events]) => {
    const { status, owner } = project(events);
    return status === "running" && owner !== undefined && owners.liveness(owner) === "dead";
  });
  return named(
    left.map(([run]) => run),
    "lease",
    "limited",
    (run) => ({
      detail: `${run} was being executed by a process that is gone`,
      remedy: `go on with it: assay resume ${run}`,
    }),
  );
}

/** Taken by older versions; lists show such a run as unreadable, and it is not taken up. */
function strangeGoals(runs: ReadonlyMap<string, readonly RunEvent[]>): JournalCheck[] {
  const strange = [...runs].flatMap(([run, [first]]) => {
    const because = first?.type === "run-started" ? illFormed(first.goal) : undefined;
    return because === undefined ? [] : [{ run, because }];
  });
  return strange.slice(0, namedMax).map(({ run, because }) => ({
    check: "goal",
    status: "limited",
    detail: `the goal of ${run} ${because}`,
    remedy: `end it, and it can be removed: assay cancel ${run}, then assay prune`,
  }));
}

function missingBlobs(runs: ReadonlyMap<string, readonly RunEvent[]>, intact: ReadonlySet<Digest>): JournalCheck[] {
  const missing = [...runs].flatMap(([run, events]) =>
    events.flatMap((event) => {
      const digest = blobOf(event);
      return digest === undefined || intact.has(digest) ? [] : [`${run} refers to ${digest} at event ${event.seq}`];
    }),
  );
  return named(missing, "blob", "damaged", (what) => ({
    detail: `${what}, which is missing or damaged`,
    remedy: "restore it from a copy; the run can be read, and its evidence not verified",
  }));
}

/** What an event needs of the store: evidence, and results of steps that were too long for the journal. */
function blobOf(event: RunEvent): Digest | undefined {
  if (event.type === "evidence-recorded") return event.evidence.digest;
  if (event.type !== "step-finished" || typeof event.result !== "object" || event.result === null) return undefined;
  const { result } = event;
  return "kind" in result && result.kind === "blob" && "digest" in result ? (result.digest as Digest) : undefined;
}

function named(
  all: readonly string[],
  check: string,
  status: JournalCheck["status"],
  describe: (each: string) => Pick<JournalCheck, "detail" | "remedy">,
): JournalCheck[] {
  const told: JournalCheck[] = all.slice(0, namedMax).map((each) => ({ check, status, ...describe(each) }));
  if (all.length > namedMax) told.push({ check, status, detail: `and ${all.length - namedMax} more` });
  return told;
}
