// Filters.
// stage: function; problem: evens
const evens = (numbers) => numbers.filter((number) => number % 2 === 0);
