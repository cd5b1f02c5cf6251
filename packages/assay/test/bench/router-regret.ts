// node packages/assay/test/bench/router-regret.ts [FAILURES] — what the routers spend until a failure is healed, in a made-up world: kinds of
// failure with known chances, the same failures for every router. No model was involved.
import type { ErrorCategory, Lesson } from "@assay/sdk";
import { defaultHealBudget, nothingSpent } from "#domain";
import type { Knowledge, Router, Seat } from "#ports";
import { FixedRouter, InOrderRouter, LearnedRouter } from "#proposers";

const failures = Number(process.argv[2] ?? 400);
const usdPerMinute = 0.05;

/** Chance to heal, US dollars and seconds of an attempt. */
type Skill = { chance: number; usd: number; seconds: number };
const who = ["search", "model a/cheap", "model b/strong"] as const;
const world: Readonly<Record<string, readonly [Skill, Skill, Skill]>> = {
  // What one edit mends.
  assertion: [skill(0.6, 0, 20), skill(0.4, 0.002, 10), skill(0.8, 0.05, 30)],
  // What looks as if the search could mend it, and it cannot.
  attribute: [skill(0.02, 0, 20), skill(0.7, 0.002, 10), skill(0.85, 0.05, 30)],
  // What only the strong model mends.
  type: [skill(0.02, 0, 20), skill(0.05, 0.002, 10), skill(0.9, 0.05, 30)],
};

function skill(chance: number, usd: number, seconds: number): Skill {
  return { chance, usd, seconds };
}

/** Mulberry32: the same world for all. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function play(name: string, make: (lessons: Lesson[]) => Router): Promise<void> {
  const lessons: Lesson[] = [];
  const router = make(lessons);
  const draw = random(7);
  let [usd, seconds, healed] = [0, 0, 0];
  for (let n = 0; n < failures; n += 1) {
    const kinds = Object.keys(world) as ErrorCategory[];
    const category = kinds[Math.floor(draw() * kinds.length)] ?? "assertion";
    // Whether each would heal it is drawn whoever is asked.
    const would = (world[category] ?? []).map(({ chance }) => draw() < chance);
    const seats: Seat[] = who.map((one) => {
      const [kind = "", instance] = one.split(" ");
      const priced = { instance, usdPerMillionTokens: one.includes("cheap") ? 0.2 : 9 };
      const base = { open: true, batches: 0, checked: 0, faults: 0, spent: nothingSpent };
      return { name: kind as Seat["name"], ...base, ...(instance === undefined ? {} : priced) } as Seat;
    });
    const failure = { type: "E", message: "m", frames: [] };
    const rest = { environment: false, fixability: { score: 1, reasons: [] }, suggestedMethod: "update" as const };
    const about = { seats, language: "python", failures: [{ category, tests: ["t"], failure, ...rest }] };
    while (seats.some(({ open }) => open)) {
      const { seat: at } = await router.choose({ ...about, suspectLines: 1, remaining: defaultHealBudget });
      const seat = seats[at];
      const cost = world[category]?.[at];
      if (seat === undefined || cost === undefined) throw new Error("no such seat");
      seat.open = false;
      seat.batches += 1;
      usd += cost.usd;
      seconds += cost.seconds;
      lessons.push(lessonOf(seat, category, would[at] === true, cost));
      if (would[at] === true) {
        healed += 1;
        break;
      }
    }
  }
  const each = (usd + (seconds / 60) * usdPerMinute) / Math.max(1, healed);
  process.stdout.write(
    `${name.padEnd(8)} healed ${healed} of ${failures}, $${usd.toFixed(2)}, ${(seconds / 60).toFixed(0)} min; $${each.toFixed(4)} a healed one, waiting at $${usdPerMinute} a minute included\n`,
  );
}

function lessonOf({ name, instance }: Seat, category: ErrorCategory, right: boolean, cost: Skill): Lesson {
  return {
    ...{ version: 1, at: 0, language: "python", category, proposer: name, tried: { update: 1 } },
    ...(instance === undefined ? {} : { instance }),
    ...{ accepted: right ? ["update"] : [], refused: right ? [] : ["update"], survived: [], refuted: [] },
    ...{ wallMs: cost.seconds * 1000, costMicroUsd: cost.usd * 1e6 },
  };
}

await play("none", () => new InOrderRouter());
await play("fixed", () => new FixedRouter());
await play("learned", (lessons) => new LearnedRouter({ lessons: async () => lessons } as unknown as Knowledge));
