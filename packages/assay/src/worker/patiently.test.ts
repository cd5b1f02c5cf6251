import type { FaultCode } from "@assay/sdk";
import { expect, test } from "vitest";
import { FaultError, fault } from "#domain";
import { patiently } from "./patiently.ts";

const failing = (code: FaultCode) => new FaultError(fault(code, "no"));

test("calls again until the daemon is there, and can keep what it is given", async () => {
  const codes = ["daemon-unreachable", "rate-limited", "run-locked", "disk-full", "state-not-writable"] as const;
  const answers = codes.map(failing);
  const call = async () => {
    const answer = answers.shift();
    if (answer !== undefined) throw answer;
    return "there";
  };
  expect(await patiently(call, new AbortController().signal, async () => {})).toBe("there");
});

test("gives up where the daemon can keep nothing for about an hour, as if it were away", async () => {
  let passedMs = 0;
  const pause = async (ms: number) => {
    passedMs += ms;
  };
  const full = patiently(() => Promise.reject(failing("disk-full")), new AbortController().signal, pause);
  await expect(full).rejects.toMatchObject({ fault: { code: "daemon-unreachable" } });
  expect(passedMs).toBeGreaterThan(20 * 60_000);
  expect(passedMs).toBeLessThan(70 * 60_000);
});

test("does not repeat what the daemon refused, nor what nobody waits for any more", async () => {
  let calls = 0;
  const call = (code: FaultCode) => async () => {
    calls++;
    throw failing(code);
  };
  await expect(patiently(call("lease-lost"), new AbortController().signal)).rejects.toThrow("no");
  await expect(patiently(call("daemon-unreachable"), AbortSignal.abort())).rejects.toThrow("no");
  expect(calls).toBe(2);
});
