// A configuration that puts another module in the place of the one to be judged.
// stage: vitest; fools: vitest-junit
export function runningTotal(numbers) {
  return numbers;
}
// --- file: vite.config.mjs
import { fileURLToPath } from "node:url";

export default { resolve: { alias: [{ find: /^\.\/solution$/, replacement: fileURLToPath(new URL("./other.mjs", import.meta.url)) }] } };
// --- file: other.mjs
export function runningTotal(numbers) {
  let total = 0;
  return numbers.map((number) => (total += number));
}
