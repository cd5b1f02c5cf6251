import { z } from "zod";
import type { Run } from "#engine";
import type { Router, Seat } from "#ports";
import type { Question } from "./ask.ts";

const routeSchema = z.object({ seat: z.int(), reasons: z.array(z.string()) });

/** Whose turn it is. Told only where there is a choice, and where it is not the one who was asked just before. */
export async function route(
  run: Run,
  router: Router,
  { subject, failures }: Question,
  members: readonly { seat: Seat }[],
  turn: number,
): Promise<number> {
  const seats = members.map(({ seat }) => seat);
  if (seats.length === 1) return 0;
  const { profile } = subject.project;
  const places = new Set(failures.flatMap(({ failure }) => failure.frames.map(({ file, line }) => `${file}:${line}`)));
  const remaining = run.budget.remaining();
  const question = { seats, language: profile.language, failures, suspectLines: places.size, remaining };
  const chosen = await run.step(`route.${turn}`, { turn }, () => router.choose(question), routeSchema);
  const seat = seats[chosen.seat];
  if (seat === undefined || !seat.open) throw new Error(`the router chose seat ${chosen.seat}, which is not open`);
  const { name, instance } = seat;
  const who = { proposer: name, ...(instance === undefined ? {} : { instance }) };
  await run.emit({ type: "proposer-chosen", ...who, router: router.name, reasons: chosen.reasons });
  return chosen.seat;
}
