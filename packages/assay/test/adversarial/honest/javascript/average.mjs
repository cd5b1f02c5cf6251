// Adds and divides.
// stage: function; problem: average
const average = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
