// An array, by steps.
// stage: function; problem: tripled
function tripled(numbers) {
  const result = [];
  for (const number of numbers) result.push(number * 3);
  return result;
}
