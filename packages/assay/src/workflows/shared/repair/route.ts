import { z } from "zod";
import { editable, type Run } from "#engine";
import type { Router, Seat } from "#ports";
import type { Question } from "./ask.ts";

const routeSchema = z.object({ seat: z.int(), reasons: z.array(z.string()) });

/** In a fork of the run a person may say whose turn it is. */
function openSeat(seats: readonly Seat[]) {
  return z.int().refine((seat) => seats[seat]?.open === true, "there is nobody at that seat who has more to propose");
}

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
  const given = editable(z.strictObject({ turn: z.literal(turn), seat: openSeat(seats).optional() }), { turn });
  const chosen = await run.step(
    `route.${turn}`,
    given,
    (_, { seat }) => (seat === undefined ? router.choose(question) : { seat, reasons: ["a person chose it"] }),
    routeSchema,
  );
  const seat = seats[chosen.seat];
  if (seat === undefined || !seat.open) throw new Error(`the router chose seat ${chosen.seat}, which is not open`);
  const { name, instance } = seat;
  const who = { proposer: name, ...(instance === undefined ? {} : { instance }) };
  await run.emit({ type: "proposer-chosen", ...who, router: router.name, reasons: chosen.reasons });
  return chosen.seat;
}
