/**
 * Simulates many seeds, and then shows for each weakness that it is found. Exits with 1 where a promise was broken, or a weakness was not found.
 * `npm run test:simulation -- [--seeds N] [--from SEED] [--seed ONE]`
 */
import { parseArgs } from "node:util";
import { describeFailure, sweep } from "./report.ts";
import { weaknesses } from "./weakness.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "2000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
  },
});
const from = Number(values.seed ?? values.from);
const seeds = values.seed === undefined ? Number(values.seeds) : 1;
if (!Number.isSafeInteger(from) || !Number.isSafeInteger(seeds) || seeds < 1) {
  throw new RangeError("--seeds, --from and --seed are whole numbers, --seeds at least 1");
}

const beganAt = performance.now();
const total = await sweep(from, seeds);
const seconds = (performance.now() - beganAt) / 1000;
const { failed, injected, ...counts } = total;
console.log(`${total.seeds} seeds in ${seconds.toFixed(1)} s: ${(total.seeds / seconds).toFixed(1)} seeds/s`);
console.log(
  Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(", "),
);
console.log(
  `faults injected: ${Object.entries(injected)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(", ")}`,
);
console.log(`violations: ${failed === undefined ? 0 : 1}`);
if (failed !== undefined) {
  console.log(await describeFailure(failed));
  process.exitCode = 1;
}

console.log("\nwithout…                 found at seed   by the rule");
for (const weakness of values.seed === undefined ? weaknesses : []) {
  const { failed: found, seeds: tried } = await sweep(from, 500, weakness);
  if (found === undefined) process.exitCode = 1;
  console.log(
    `${weakness.padEnd(24)} ${`${found?.seed ?? `not in ${tried}`}`.padEnd(15)} ${found?.violation?.rule ?? ""}`,
  );
}
