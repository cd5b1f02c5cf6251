// A generator behind the function.
// stage: function; problem: runningTotal
function* totals(numbers) {
  let total = 0;
  for (const number of numbers) yield (total += number);
}
const runningTotal = (numbers) => [...totals(numbers)];
