// A class does the work.
// stage: function; problem: runningTotal
class Totals {
  #total = 0;
  add(number) {
    this.#total += number;
    return this.#total;
  }
}
function runningTotal(numbers) {
  const totals = new Totals();
  return numbers.map((number) => totals.add(number));
}
