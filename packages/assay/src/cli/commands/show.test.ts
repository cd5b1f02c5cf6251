import { expect, test } from "vitest";
import { standingLine } from "./show.ts";

const run = {
  type: "run-listed",
  run: "heal-00000001",
  summary: "3 steps finished",
  startedAt: 1,
  lastEventAt: 2,
} as const;

test("a run without a result is watched while it is under way, and resumed where it stands still", () => {
  expect(standingLine({ ...run, status: "running" })).toBe("running: assay watch heal-00000001");
  expect(standingLine({ ...run, status: "queued" })).toBe("queued: assay watch heal-00000001");
  expect(standingLine({ ...run, status: "interrupted" })).toContain(
    "interrupted, 3 steps finished: assay resume heal-",
  );
});
