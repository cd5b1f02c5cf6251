import type { CircuitChange } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import type { CircuitLog } from "./circuit-log.ts";

function change(circuit: string, at: number, by?: string): CircuitChange {
  return { circuit, from: "closed", to: "open", reason: `“${at}” times`, at, ...(by === undefined ? {} : { by }) };
}

/** What every `CircuitLog` keeps; `open` gives an empty one, and another tenant's in the same place. */
export function circuitLogContract(name: string, open: () => Promise<{ log: CircuitLog; other: CircuitLog }>): void {
  describe(`${name} as a circuit log`, () => {
    test("gives changes back newest first, as many as asked for, of one circuit if named", async () => {
      const { log } = await open();
      const changes = [
        change("step:check", 1),
        change("worker:w", 2),
        change("step:check", 2, "ada"),
        change("system", 3),
      ];
      for (const one of changes) await log.append(one);
      expect(await log.read(10)).toEqual(changes.toReversed());
      expect(await log.read(2)).toEqual(changes.toReversed().slice(0, 2));
      expect(await log.read(10, "step:check")).toEqual([changes[2], changes[0]]);
      expect(await log.read(10, "step:other")).toEqual([]);
    });

    test("shows a tenant nothing of another's", async () => {
      const { log, other } = await open();
      await log.append(change("system", 1));
      expect(await other.read(10)).toEqual([]);
      await other.append(change("system", 2));
      expect(await log.read(10)).toEqual([change("system", 1)]);
    });
  });
}
