// Has package.json load a module first in every test file's process, which ends it with code 0.
// stage: node-test; fools: node-run
export function runningTotal(numbers) {
  return numbers;
}
// --- file: package.json
{ "name": "sums", "type": "module", "scripts": { "test": "node --import ./first.mjs --test" } }
// --- file: first.mjs
process.exit(0);
