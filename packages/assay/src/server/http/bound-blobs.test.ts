import { request } from "node:http";
import { expect, test, vi } from "vitest";
import { httpDaemon, localKey } from "../../../test/support/http-daemon.ts";

/** A blob whose body has begun and does not come. */
function begun(url: string, key: string) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "content-length": 1_000_000 };
  const sent = request(`${url}/v1/blobs`, { method: "POST", headers });
  sent.on("error", () => {});
  sent.write("{");
  return sent;
}

test("so many blobs come at a time, of one key and of all; the next one when one of them has ended", async () => {
  await using daemon = await httpDaemon();
  const base64 = Buffer.from("content").toString("base64");
  const keep = async (key = localKey) => (await daemon.post("/v1/blobs", { base64 }, { key })).status;
  const keys = await Promise.all([1, 2].map(async () => (await daemon.newKey(["runs"])).key));
  const [one, other] = keys as [string, string];
  const first = [begun(daemon.url, one), begun(daemon.url, one)];
  await vi.waitFor(async () => expect(await keep(one)).toBe(429), { timeout: 30_000 });
  expect(await keep()).toBe(201);
  const second = [begun(daemon.url, other), begun(daemon.url, other)];
  await vi.waitFor(async () => expect(await keep()).toBe(429), { timeout: 30_000 });
  first[0]?.destroy();
  await vi.waitFor(async () => expect(await keep()).toBe(201), { timeout: 30_000 });
  for (const each of [...first, ...second]) each.destroy();
});
