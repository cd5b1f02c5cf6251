// Shifts.
// stage: function; problem: double
const double = (number) => number << 1;
