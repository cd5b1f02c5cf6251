/**
 * The unbiased estimate of the chance that one of k samples passes, from n samples of which c passed: 1 − C(n−c, k) / C(n, k)
 * (Chen et al. 2021, "Evaluating Large Language Models Trained on Code", equation 1), as a product that cannot overflow.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (!(Number.isInteger(k) && k >= 1 && k <= n && c >= 0 && c <= n)) throw new RangeError(`pass@${k} of ${c} in ${n}`);
  if (n - c < k) return 1;
  let none = 1;
  for (let i = n - c + 1; i <= n; i += 1) none *= 1 - k / i;
  return 1 - none;
}
