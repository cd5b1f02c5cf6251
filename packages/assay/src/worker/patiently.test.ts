import type { FaultCode } from "@assay/sdk";
import { expect, test } from "vitest";
import { FaultError, fault } from "#domain";
import { patiently } from "./patiently.ts";

const failing = (code: FaultCode) => new FaultError(fault(code, "no"));

test("calls again until the daemon is there", async () => {
  const answers = [failing("daemon-unreachable"), failing("rate-limited")];
  const call = async () => {
    const answer = answers.shift();
    if (answer !== undefined) throw answer;
    return "there";
  };
  expect(await patiently(call, new AbortController().signal)).toBe("there");
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
