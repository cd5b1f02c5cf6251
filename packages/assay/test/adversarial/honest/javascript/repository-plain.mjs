// A loop, with node:test.
// stage: node-test
export function runningTotal(numbers) {
  const totals = [];
  let total = 0;
  for (const number of numbers) totals.push((total += number));
  return totals;
}
