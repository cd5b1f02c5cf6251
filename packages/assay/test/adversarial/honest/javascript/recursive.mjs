// Recursion instead of a loop.
// stage: function; problem: runningTotal
function runningTotal(numbers) {
  if (numbers.length === 0) return [];
  const before = runningTotal(numbers.slice(0, -1));
  return [...before, (before.at(-1) ?? 0) + numbers.at(-1)];
}
