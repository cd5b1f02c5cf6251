/**
 * Kills the real program again and again, at named crash points and at random times, and counts what is lost and what is done twice.
 * `node packages/assay/test/crash/loop.ts [ROUNDS]`; exits with 1 when a count that must be 0 is not.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunId, runId } from "#domain";
import { SqliteJournal } from "#store";
import { scratch } from "../support/scratch.ts";
import { type HealDeath, killedHeal } from "./killed-heals.ts";

const rounds = Number(process.argv[2] ?? "30");
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError("how many rounds? e.g. 30");
const fixtures = join(import.meta.dirname, "..", "fixtures");
const livesMax = 60;

/** `killAfterWordMs`: counted from the first word that it says. */
type Death = { crashAt?: string; killAfterMs?: number; killAfterWordMs?: number };
type Row = { what: string; kills: number; acknowledged: number; lost: number; duplicated: number };

/** One life of a program; what it printed, and whether it was killed. */
async function live(program: string, args: readonly string[], { crashAt, killAfterMs, killAfterWordMs }: Death) {
  const { ASSAY_CRASH_AT: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(fixtures, program), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: crashAt === undefined ? env : { ...env, ASSAY_CRASH_AT: crashAt },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output === "" && killAfterWordMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterWordMs);
    output += text;
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const [, signal] = await once(child, "close");
  clearTimeout(timer);
  return { output, killed: signal === "SIGKILL" };
}

async function eventsOf(database: string, run?: RunId) {
  await using journal = await SqliteJournal.open(database);
  const [first] = await journal.runs();
  const wanted = run ?? first?.run;
  return wanted === undefined ? [] : journal.read(wanted);
}

/** Appends until it is killed; each acknowledgement is held against what is there afterwards. */
async function appending(what: string, death: (round: number) => Death): Promise<Row> {
  await using folder = await scratch();
  const database = join(folder.path, "journal.db");
  const run = runId("heal-killedagain");
  const row: Row = { what, kills: 0, acknowledged: 0, lost: 0, duplicated: 0 };
  for (let round = 0; round < rounds; round++) {
    const { output, killed } = await live("store/append-loop.ts", [database, run, `${1 + (round % 4)}`], death(round));
    if (killed) row.kills++;
    const acked = [...output.matchAll(/^ack (\d+)$/gm)].map(([, seq]) => `event ${seq}`);
    const found = (await eventsOf(database, run)).flatMap((event) => (event.type === "note" ? [event.message] : []));
    row.acknowledged += acked.length;
    row.lost += acked.filter((message) => !found.includes(message)).length;
    row.duplicated += found.length - new Set(found).size;
  }
  return row;
}

/** Runs a workflow until it is done, through as many deaths as it takes; no effect may follow the record of its step. */
async function executing(what: string, death: (life: number) => Death, times: number): Promise<Row> {
  const row: Row = { what, kills: 0, acknowledged: 0, lost: 0, duplicated: 0 };
  for (let time = 0; time < times; time++) {
    await using folder = await scratch();
    const database = join(folder.path, "journal.db");
    for (let lives = 0, done = false; !done; lives++) {
      if (lives > livesMax) throw new Error(`${what}: not done after ${livesMax} lives`);
      const recorded = await finishedSteps(database);
      const before = (await effectsOf(folder.path)).length;
      const { killed } = await live("engine/run-workflow.ts", [folder.path], death(lives));
      const after = await finishedSteps(database);
      row.acknowledged += after.length - recorded.length;
      row.lost += recorded.filter((key) => !after.includes(key)).length;
      row.duplicated += (await effectsOf(folder.path)).slice(before).filter((key) => recorded.includes(key)).length;
      if (killed) row.kills++;
      else done = true;
    }
  }
  return row;
}

/** The whole program with its sandbox, until it has applied its change. */
async function healing(what: string, death: (life: number) => HealDeath, times: number): Promise<Row> {
  const row: Row = { what, kills: 0, acknowledged: 0, lost: 0, duplicated: 0 };
  for (let time = 0; time < times; time++) {
    const counts = await killedHeal(death);
    for (const name of ["kills", "acknowledged", "lost", "duplicated"] as const) row[name] += counts[name];
  }
  return row;
}

async function finishedSteps(database: string): Promise<string[]> {
  return (await eventsOf(database)).flatMap((event) => (event.type === "step-finished" ? [event.key] : []));
}

async function effectsOf(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, "effects.log"), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

const points = [
  "step-executed",
  "journal-before-commit",
  "journal-after-commit",
  "blob-before-rename",
  "blob-after-rename",
  "result-recorded",
];
const titles = ["kills", "acknowledged", "lost", "duplicated"];
console.log(`${"".padEnd(36)}${titles.map((title) => title.padStart(14)).join("")}`);
tell(await appending("appends, at random times", () => ({ killAfterWordMs: Math.random() * 60 })));
tell(await appending("appends, journal-before-commit", (round) => ({ crashAt: `journal-before-commit:${2 + round}` })));
tell(await appending("appends, journal-after-commit", (round) => ({ crashAt: `journal-after-commit:${2 + round}` })));
const randomly = (life: number) => (life > 4 ? {} : { killAfterMs: 150 + Math.random() * 500 });
tell(await executing("workflow, at random times", randomly, Math.ceil(rounds / 5)));
for (const point of points) {
  tell(await executing(`workflow, ${point}`, (life) => ({ crashAt: `${point}:${life + 1}` }), 1));
}
const inHeal = (life: number) => (life > 2 ? {} : { killAfterMs: Math.random() * 4_000 });
tell(await healing("heal --apply, at random times", inHeal, Math.ceil(rounds / 5)));
// Each costs some seconds: few rounds take those where the user's tree is at stake.
const healPoints = [
  "artifact-written",
  "tree-partly-applied",
  "step-executed",
  "journal-after-commit",
  "result-recorded",
];
for (const point of rounds < 30 ? healPoints.slice(0, 2) : healPoints) {
  tell(await healing(`heal --apply, ${point}`, (life) => (life > 1 ? {} : { crashAt: `${point}:1` }), 1));
}

function tell({ what, ...counts }: Row): void {
  console.log(
    `${what.padEnd(36)}${Object.values(counts)
      .map((count) => `${count}`.padStart(14))
      .join("")}`,
  );
  if (counts.lost + counts.duplicated > 0 || counts.kills === 0) process.exitCode = 1;
}
