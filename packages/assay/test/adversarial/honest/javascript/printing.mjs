// Prints what it does, and reads the time.
// stage: function; problem: runningTotal
function runningTotal(numbers) {
  console.log("failed? no:", Date.now(), numbers);
  console.error("warning");
  let total = 0;
  return numbers.map((number) => (total += number));
}
