import { between, pick, type Random, streamOf } from "./random.ts";

/** A message of the network, by its number from 1: both ways are one message each. */
export type MessageFault = { kind: "drop" | "duplicate" | "delay"; message: number; delayMs: number };

/** At `atMs` from the beginning. `slot`: one of the places where a process runs. */
export type TimedFault = { atMs: number; slot: number; durationMs: number } & {
  kind:
    | "kill"
    /** As by SIGSTOP, or a long garbage collection. */
    | "stall"
    /** It reaches nobody, and nobody reaches it. */
    | "partition"
    /** All processes die, and the disk keeps what was synced and a part of what was not. */
    | "power-loss"
    /** The store dies, as by kill -9, while it syncs: the operating system keeps what was written. */
    | "store-kill"
    | "disk-full"
    /** A person who takes a process for dead has its runs taken over by another. */
    | "takeover";
};
export type SimulatedFault = MessageFault | TimedFault;
export type FaultKind = SimulatedFault["kind"];

/** Places where engines run, and after them those where workers do. */
export const engineSlots = 3;
export const workerSlots = 2;
/** Faults happen until here; then everything is given the time to end. */
export const stormMs = 6_000;
const messagesMax = 700;

/** The faults of a seed: a list, so that what is not needed for a failure can be cut from it. */
export function planFaults(seed: number): SimulatedFault[] {
  const random = streamOf(seed, "faults");
  const drawn = Array.from({ length: between(random, 2, 14) }, () => timedFault(random));
  const timed = drawn.flatMap((fault) => (random() < 0.2 ? [fault, followUp(fault, random)] : [fault]));
  const share = random() * 0.12;
  const messages: MessageFault[] = [];
  for (let message = 1; message <= messagesMax; message++) {
    if (random() >= share) continue;
    messages.push({
      kind: pick(random, ["drop", "duplicate", "delay"]),
      message,
      delayMs: between(random, 50, 4_000),
    });
  }
  return [...timed.toSorted((a, b) => a.atMs - b.atMs), ...messages];
}

/** Misfortunes that come in pairs find what one alone does not: soon after a fault, the power fails. */
function followUp(fault: TimedFault, random: Random): TimedFault {
  return { ...fault, kind: "power-loss", atMs: fault.atMs + between(random, 100, 900) };
}

function timedFault(random: Random): TimedFault {
  return {
    kind: pick(random, [
      "kill",
      "kill",
      "stall",
      "stall",
      "partition",
      "power-loss",
      "store-kill",
      "disk-full",
      "takeover",
      "takeover",
    ]),
    atMs: between(random, 1, stormMs),
    slot: between(random, 0, engineSlots + workerSlots - 1),
    durationMs: between(random, 50, 2_500),
  };
}
