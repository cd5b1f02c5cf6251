import { describe, expect, test } from "vitest";
import { type HttpDaemon, httpDaemon, localKey } from "../../../test/support/http-daemon.ts";
import { defaultRateLimits } from "./rate-limits.ts";

async function statuses(count: number, ask: () => Promise<Response>): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < count; n++) {
    const response = await ask();
    await response.body?.cancel();
    found.push(response.status);
  }
  return found;
}

async function expectTooMany(response: Response): Promise<void> {
  expect([response.status, await response.json()]).toMatchObject([429, { code: "rate-limited" }]);
  const seconds = Number(response.headers.get("retry-after"));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
}

const live = (daemon: HttpDaemon) => daemon.ask("/health/live", { key: null });

describe("rate limits", () => {
  test("bound what an address asks before it says who it is, paths that are none included", async () => {
    await using daemon = await httpDaemon({ rateLimits: { addressPerMinuteMax: 3 } });
    expect(await statuses(2, () => live(daemon))).toEqual([200, 200]);
    expect(await statuses(1, () => daemon.ask("/nothing"))).toEqual([404]);
    await expectTooMany(await live(daemon));
  });

  test("let whoever has a key in, however much comes from the address without one", async () => {
    await using daemon = await httpDaemon({ rateLimits: { addressPerMinuteMax: 1 } });
    await statuses(3, () => live(daemon));
    expect(await statuses(1, () => daemon.post("/v1/emergency-stop", { reason: "a test" }))).toEqual([200]);
    await expectTooMany(await daemon.ask("/v1/runs", { key: "guess" }));
    await expectTooMany(await daemon.ask("/v1/runs", { key: null }));
    await expectTooMany(await daemon.ask("/nothing"));
  });

  test("bound what a key asks, and leave other keys alone", async () => {
    await using daemon = await httpDaemon({ rateLimits: { keyPerMinuteMax: 2 } });
    const { key } = await daemon.newKey(["read"]);
    expect(await statuses(2, () => daemon.ask("/v1/runs", { key }))).toEqual([200, 200]);
    await expectTooMany(await daemon.ask("/v1/runs", { key }));
    expect(await statuses(1, () => daemon.ask("/v1/runs"))).toEqual([200]);
  });

  test("bound guesses, by header and at the login, and shut out nobody on the same machine who has a key", async () => {
    await using daemon = await httpDaemon({ rateLimits: { failedPerMinuteMax: 2 } });
    expect(await statuses(1, () => daemon.ask("/v1/runs", { key: "guess" }))).toEqual([401]);
    expect(await statuses(1, () => daemon.post("/v1/session", { key: "guess" }))).toEqual([401]);
    await expectTooMany(await daemon.ask("/v1/runs", { key: "guess" }));
    await expectTooMany(await daemon.post("/v1/session", { key: "guess" }));
    expect(await statuses(1, () => daemon.ask("/v1/runs"))).toEqual([200]);
  });

  test("shut out whoever guesses from elsewhere, with a good key too, until the minute is over", async () => {
    await using daemon = await httpDaemon({ rateLimits: { failedPerMinuteMax: 2, locksOut: () => true } });
    expect(await statuses(3, () => daemon.ask("/v1/runs", { key: null }))).toEqual([401, 401, 401]);
    expect(await statuses(1, () => daemon.ask("/v1/runs"))).toEqual([200]);
    expect(await statuses(3, () => daemon.ask("/v1/runs", { key: "guess" }))).toEqual([401, 401, 429]);
    await expectTooMany(await daemon.ask("/v1/runs"));
    await expectTooMany(await daemon.post("/v1/session", { key: localKey }));
    expect(await statuses(1, () => live(daemon))).toEqual([200]);
  });

  test("lock nobody out on loopback alone", () => {
    const { locksOut } = defaultRateLimits;
    expect(["127.0.0.1", "127.8.9.1", "::1"].map(locksOut)).toEqual([false, false, false]);
    expect(["10.0.0.1", "::", "2001:db8::", "1.127.0.1"].map(locksOut)).toEqual([true, true, true, true]);
  });

  test("keep the audit from being filled: what is over them leaves no record", async () => {
    await using daemon = await httpDaemon({ rateLimits: { keyPerMinuteMax: 1 } });
    const stop = () => daemon.post("/v1/emergency-stop", { reason: "a test" });
    expect(await statuses(3, stop)).toEqual([200, 429, 429]);
    expect(await daemon.mutations.read("default", 10)).toHaveLength(1);
  });
});
