// Multiplies.
// stage: function; problem: squares
const squares = (number) => number * number;
