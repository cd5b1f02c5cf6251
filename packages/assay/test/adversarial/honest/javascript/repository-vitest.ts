// Typed, with a generator, with vitest.
// stage: vitest
function* totals(numbers: readonly number[]): Generator<number> {
  let total = 0;
  for (const number of numbers) yield (total += number);
}
export const runningTotal = (numbers: readonly number[]): number[] => [...totals(numbers)];
