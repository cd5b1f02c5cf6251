/** Some or all of the changes, by their index, the best first; none twice. */
export type Ordering = readonly number[];

/**
 * What a judge said: its order, and the one it gave when everything was shown in reverse. Both are over the same changes. Where they
 * differ, the judge is of two minds, and half a vote stands against half a vote.
 */
export type Vote = readonly [Ordering, Ordering];

/** How often each change was put before each other one: `preferred[a][b]` orderings have `a` before `b`. */
export function preferences(count: number, votes: readonly Vote[]): number[][] {
  const preferred = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (const ordering of votes.flat()) {
    for (const [place, better] of ordering.entries()) {
      const row = preferred[better];
      for (const worse of ordering.slice(place + 1)) if (row !== undefined) row[worse] = (row[worse] ?? 0) + 1;
    }
  }
  return preferred;
}

/** Pairs that two orderings of the same things have the other way round. */
export function kendallDistance(a: Ordering, b: Ordering): number {
  const place = new Map(b.map((item, index) => [item, index]));
  let distance = 0;
  for (const [index, better] of a.entries()) {
    for (const worse of a.slice(index + 1)) if ((place.get(better) ?? 0) > (place.get(worse) ?? 0)) distance += 1;
  }
  return distance;
}

/** Kendall's rank correlation: 1 for the same order, -1 for the reverse. Both over the same things, two or more. */
export function kendallTau(a: Ordering, b: Ordering): number {
  return 1 - (4 * kendallDistance(a, b)) / (a.length * (a.length - 1));
}
