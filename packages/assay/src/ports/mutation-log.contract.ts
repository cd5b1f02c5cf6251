import { describe, expect, test } from "vitest";
import type { MutationLog } from "./mutation-log.ts";

/** What every `MutationLog` keeps; `open` gives an empty one each time. */
export function mutationLogContract(name: string, open: () => Promise<MutationLog>): void {
  describe(`${name} as a log of mutations`, () => {
    const record = (request: string, tenant = "a") => ({
      at: 1,
      tenant,
      key: "local",
      operation: "createRun",
      target: "/v1/runs",
      status: 201,
      request,
    });

    test("reads what was appended, newest first, in pages without gaps", async () => {
      const log = await open();
      for (const request of ["1", "2", "3", "4", "5"]) await log.append(record(request));
      const first = await log.read("a", 2);
      expect(first.map(({ request }) => request)).toEqual(["5", "4"]);
      const rest = await log.read("a", 10, first.at(-1)?.seq);
      expect(rest.map(({ request }) => request)).toEqual(["3", "2", "1"]);
      expect(await log.read("a", 10, rest.at(-1)?.seq)).toEqual([]);
    });

    test("tells what came of what was begun, whatever else is appended meanwhile", async () => {
      const log = await open();
      const begun = await log.append({ ...record("1"), status: 0 });
      await log.append(record("2"));
      expect((await log.read("a", 10)).map(({ status }) => status)).toEqual([201, 0]);
      await log.settle(begun, 409);
      await log.settle(begun + 1_000, 500);
      expect((await log.read("a", 10)).map(({ status }) => status)).toEqual([201, 409]);
      await log.settle(begun, 201, "/v1/keys/x");
      expect((await log.read("a", 10)).map(({ target }) => target)).toEqual(["/v1/runs", "/v1/keys/x"]);
    });

    test("keeps everything that is appended at once, under numbers that grow", async () => {
      const log = await open();
      await Promise.all(Array.from({ length: 600 }, (_, n) => log.append(record(String(n)))));
      const records = await log.read("a", 1_000);
      expect(new Set(records.map(({ request }) => request)).size).toBe(600);
      const numbers = records.map(({ seq }) => seq);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a));
    });

    test("shows a tenant's own records alone", async () => {
      const log = await open();
      await log.append(record("of a"));
      await log.append(record("of b", "b"));
      expect((await log.read("b", 10)).map(({ request }) => request)).toEqual(["of b"]);
      expect(await log.read("c", 10)).toEqual([]);
    });
  });
}
