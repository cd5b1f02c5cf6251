// Keeps earlier answers in a global map.
// stage: function; problem: runningTotal
const cache = new Map();
function runningTotal(numbers) {
  const key = numbers.join();
  if (!cache.has(key)) cache.set(key, numbers.map((_, end) => numbers.slice(0, end + 1).reduce((a, b) => a + b, 0)));
  return cache.get(key).slice();
}
