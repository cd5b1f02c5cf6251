import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jsonLines, resultOf, runAssay } from "../support/run-assay.ts";

/** Early, in the middle and late; the engine's own points are gone through by the tests of heal. */
const exhaustive = process.env.ASSAY_TEST_DEPTH !== "representative";
const places = [
  ...(exhaustive ? ["journal-after-commit:3", "step-executed:2", "artifact-written:2", "artifact-written:10"] : []),
  "verdict-recorded:2",
];

const stub = "def add(a, b):\n    return a - b\n";
const cases = "add(1, 2) -> 3\nadd(-1, 1) -> 0\nadd(0, 5) -> 5\nadd(7, 8) -> 15\n";

describe("solve, killed and resumed", () => {
  test.each(places)(
    "comes to the same solution after a crash at %s, and writes it where it was asked for",
    async (place) => {
      const home = await mkdtemp(join(tmpdir(), "assay-solve-crash-"));
      try {
        const project = join(home, "project");
        await mkdir(project);
        const [given, out] = [join(project, "add.py"), join(project, "done.py")];
        await writeFile(given, stub);
        await writeFile(join(project, "cases.txt"), cases);
        const hidden = ["--hold-out", "0.5", "--seed", "1"];
        const args = ["solve", given, "--tests", join(project, "cases.txt"), ...hidden, "--out", out, "-C", project];
        const killed = await runAssay(home, [...args, "--json"], { env: { ASSAY_CRASH_AT: place } });
        expect(killed.signal).toBe("SIGKILL");
        const resumed = await runAssay(home, ["resume", "last", "-C", project, "--json"]);
        expect(resultOf(resumed)).toMatchObject({
          outcome: "accepted",
          exitCode: 0,
          hiddenTests: { passed: 2, total: 2 },
        });
        expect(await readFile(out, "utf8")).toBe(stub.replace("-", "+"));
        const shown = jsonLines(await runAssay(home, ["show", "last", "-C", project, "--json"]));
        const steps = shown.filter((event) => event.type === "step-finished").map(({ key }) => key);
        expect(steps).toEqual([...new Set(steps)]);
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    },
  );
});
