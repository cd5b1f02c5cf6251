// Subtracts.
// stage: function; problem: distance
const distance = (a, b) => (a > b ? a - b : b - a);
