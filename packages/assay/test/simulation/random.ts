/** Numbers in [0, 1) from a seed: the same ones for the same seed. Algorithm: mulberry32, Tommy Ettinger, 2017 (public domain). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A stream of its own for one thing of a simulation, so that what one thing draws does not shift what others draw. */
export function streamOf(seed: number, name: string, ordinal = 0): Random {
  // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${name}/${ordinal}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return seeded(hash);
}

/** An integer in [from, to]. */
export function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

export function pick<T>(random: Random, all: readonly T[]): T {
  const picked = all[Math.floor(random() * all.length)];
  if (picked === undefined) throw new RangeError("nothing to pick from");
  return picked;
}
