import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { atDepth } from "../support/depth.ts";
import type { jsonLines } from "../support/run-assay.ts";
import { disksCanBeMounted, onDisk } from "../support/small-disk.ts";

const project = fileURLToPath(new URL("../fixtures/heal/python-prices", import.meta.url));
const reason = disksCanBeMounted ? "" : " (skipped: this machine does not let us mount in a namespace of our own)";

function resultIn(lines: Map<string, ReturnType<typeof jsonLines>>, name: string) {
  return lines.get(name)?.at(-1);
}

/** How far heal comes: to its copy of the project, to its baseline, to its search. */
test.skipIf(!disksCanBeMounted).each(atDepth(["330k", "200k", "600k"], 3))(
  `a disk of %s that fills while heal runs pauses it: what it told is there, and with space it goes on${reason}`,
  async (size) => {
    await using on = await onDisk(
      `size=${size},mode=755`,
      project,
      `assay heal heal "$PROJECT"
       assay full doctor --journal "$PROJECT"
       size 64m
       assay before show last -C "$PROJECT"
       assay resume resume last -C "$PROJECT"
       assay after show last -C "$PROJECT"
       assay sound doctor --journal "$PROJECT"`,
    );
    const { lines } = on;
    expect(resultIn(lines, "heal")).toMatchObject({
      outcome: "paused",
      exitCode: 4,
      fault: { code: "disk-full", remedy: expect.stringContaining("free some space") },
    });
    expect(resultIn(lines, "full")).toMatchObject({ exitCode: 0 });
    const told = lines.get("heal")?.slice(0, -1) ?? [];
    expect(told.length).toBeGreaterThan(1);
    for (const event of told) expect(lines.get("before")).toContainEqual(event);
    expect(resultIn(lines, "resume")).toMatchObject({ outcome: "accepted", exitCode: 0 });
    const finished = (lines.get("after") ?? []).flatMap((event) => (event.type === "step-finished" ? [event.key] : []));
    expect(finished).toEqual([...new Set(finished)]);
    expect(resultIn(lines, "sound")).toMatchObject({ exitCode: 0 });
  },
);

test.skipIf(!disksCanBeMounted)(
  `a disk that is read-only when heal goes on is told as such, and loses nothing${reason}`,
  async () => {
    await using on = await onDisk(
      "size=64m,mode=755",
      project,
      `export ASSAY_CRASH_AT=journal-after-commit:9
       assay killed heal "$PROJECT"
       unset ASSAY_CRASH_AT
       ro
       assay runs runs "$PROJECT"
       assay resume resume last -C "$PROJECT"
       assay doctor doctor --journal "$PROJECT"
       rw
       assay again resume last -C "$PROJECT"
       assay shown show last -C "$PROJECT"`,
    );
    for (const name of ["runs", "resume", "doctor"]) {
      expect(resultIn(on.lines, name)).toMatchObject({
        exitCode: 4,
        fault: { code: "state-not-writable", remedy: expect.stringContaining("writable") },
      });
    }
    expect(resultIn(on.lines, "again")).toMatchObject({ outcome: "accepted", exitCode: 0 });
    for (const event of on.lines.get("killed") ?? []) expect(on.lines.get("shown")).toContainEqual(event);
  },
);

test.skipIf(!disksCanBeMounted)(
  `a project on a read-only disk without runs is healed, its state kept elsewhere${reason}`,
  async () => {
    await using on = await onDisk("size=64m,mode=755", project, `ro\nassay heal heal "$PROJECT"`);
    expect(resultIn(on.lines, "heal")).toMatchObject({ outcome: "accepted", exitCode: 0 });
    expect(on.lines.get("heal")?.filter(({ type }) => type === "artifact-written")).toContainEqual(
      expect.objectContaining({ path: expect.stringContaining(`${on.home.path}/state/assay/`) }),
    );
  },
);

test.skipIf(!disksCanBeMounted)(
  `a disk without space for a salvage keeps the journal as it was found${reason}`,
  async () => {
    await using on = await onDisk(
      "size=4m,mode=755",
      project,
      `assay runs runs "$PROJECT"
     dd if=/dev/zero of="$PROJECT/.assay/journal.sqlite" bs=100 count=1 conv=notrunc 2> /dev/null
     dd if=/dev/zero of="$DISK/filler" bs=1k 2> /dev/null || true
     assay full doctor --journal "$PROJECT" --fix
     rm "$DISK/filler"
     assay found doctor --journal "$PROJECT"
     assay fixed doctor --journal "$PROJECT" --fix`,
    );
    expect(resultIn(on.lines, "full")).toMatchObject({ exitCode: 4, fault: { code: "disk-full" } });
    expect(resultIn(on.lines, "found")).toMatchObject({ exitCode: 4, outcome: "failed" });
    expect(resultIn(on.lines, "fixed")).toMatchObject({ exitCode: 0, outcome: "done" });
  },
);
