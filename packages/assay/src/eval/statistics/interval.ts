/** A 95 % interval around an estimate in [0, 1]. */
export type Interval = { estimate: number; low: number; high: number; halfWidth: number; method: "wilson" | "normal" };

/** The 97.5 % quantile of the normal distribution. */
const z = 1.959963984540054;

/**
 * Of a mean over problems. Where every value is 0 or 1: Wilson's score interval (Wilson 1927), which is right also near 0 and 1.
 * Else the normal approximation of the mean, from the spread between problems. `undefined` without values.
 */
export function intervalOf(values: readonly number[]): Interval | undefined {
  const m = values.length;
  if (m === 0) return undefined;
  const estimate = values.reduce((sum, value) => sum + value, 0) / m;
  if (m === 1 || values.every((value) => value === 0 || value === 1)) return wilson(estimate, m);
  const variance = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0) / (m - 1);
  const halfWidth = z * Math.sqrt(variance / m);
  const [low, high] = [Math.max(0, estimate - halfWidth), Math.min(1, estimate + halfWidth)];
  return { estimate, low, high, halfWidth, method: "normal" };
}

function wilson(p: number, m: number): Interval {
  const scale = 1 + (z * z) / m;
  const centre = (p + (z * z) / (2 * m)) / scale;
  const halfWidth = (z * Math.sqrt((p * (1 - p)) / m + (z * z) / (4 * m * m))) / scale;
  const [low, high] = [Math.max(0, centre - halfWidth), Math.min(1, centre + halfWidth)];
  return { estimate: p, low, high, halfWidth, method: "wilson" };
}
