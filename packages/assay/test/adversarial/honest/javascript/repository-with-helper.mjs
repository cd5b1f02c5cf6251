// Needs a module of its own beside it, prints, and leaves a timer running.
// stage: node-test
import { adding } from "./adding.mjs";

setTimeout(() => {}, 10);
export function runningTotal(numbers) {
  console.log("# fail 4");
  return numbers.map(adding());
}
// --- file: adding.mjs
export function adding() {
  let total = 0;
  return (number) => (total += number);
}
