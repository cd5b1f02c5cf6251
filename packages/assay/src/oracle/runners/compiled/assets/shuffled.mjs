// Runs inside the sandbox, in a driver.

/** The same values in an order that depends on the seed alone; as they are without one. */
export function shuffled(values, seed) {
  const order = [...values];
  if (seed === undefined) return order;
  let state = seed >>> 0;
  for (let index = order.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    [order[index], order[other]] = [order[other], order[index]];
  }
  return order;
}
