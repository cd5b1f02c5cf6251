// Raises to a power.
// stage: function; problem: cubes
const cubes = (number) => number ** 3;
