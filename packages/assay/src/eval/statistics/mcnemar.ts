/**
 * The exact two-sided p-value of McNemar's test (McNemar 1947; exact conditional form: Fagerland, Lydersen and Laake 2013,
 * BMC Medical Research Methodology 13:91): of b + c pairs that differ, b one way and c the other, as a binomial with chance ½.
 * 1 where nothing differs.
 */
export function mcnemarExact(b: number, c: number): number {
  const n = b + c;
  let tail = 0;
  // In logarithms: C(n, i) / 2ⁿ overflows from about a thousand pairs on.
  let logTerm = -n * Math.LN2;
  for (let i = 0; i <= Math.min(b, c); i += 1) {
    tail += Math.exp(logTerm);
    logTerm += Math.log(n - i) - Math.log(i + 1);
  }
  return Math.min(1, 2 * tail);
}
