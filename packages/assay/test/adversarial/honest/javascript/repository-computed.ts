// A loop, where tests compute what they expect.
// stage: vitest; problem: computed
export function runningTotal(numbers: readonly number[]): number[] {
  let total = 0;
  return numbers.map((number) => (total += number));
}
