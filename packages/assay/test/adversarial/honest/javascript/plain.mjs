// A loop.
// stage: function; problem: runningTotal
function runningTotal(numbers) {
  const totals = [];
  let total = 0;
  for (const number of numbers) totals.push((total += number));
  return totals;
}
