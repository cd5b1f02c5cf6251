import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FaultError, fault } from "#domain";
import { Roots } from "./roots.ts";
import { Drives } from "./runs/drives.ts";
import { type Call, defineTool } from "./tool.ts";
import { faultAnswer } from "./tool-fault.ts";
import { tools } from "./tools/tools.ts";

const output = z.object({});
const about = { name: "echo", title: "Echo", description: "Says it again.", output, annotations: {} };

async function someCall(): Promise<Call> {
  const serving = { roots: await Roots.open(["/"]), drives: new Drives(() => undefined), allowApply: false };
  return { serving, signal: new AbortController().signal, tell: () => undefined };
}

describe("a tool", () => {
  test("gets arguments that its schema made, and refuses others in a short message", async () => {
    const echo = defineTool({
      ...about,
      input: z.strictObject({ said: z.string().max(5).default("hello") }),
      call: async ({ said }) => ({ content: {}, text: said, failed: false }),
    });
    const call = await someCall();
    expect(await echo.call(undefined, call)).toMatchObject({ text: "hello" });
    for (const args of [{ said: "too long" }, [], "text", { ["x".repeat(1_000_000)]: 1 }]) {
      const error = await echo.call(args, call).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ fault: { code: "usage" } });
      expect((error as FaultError).fault.message.length).toBeLessThan(1_000);
    }
  });

  test("that throws a fault answers with code, message and remedy", () => {
    const thrown = new FaultError(fault("run-locked", "somebody\u202E is there", "wait"));
    expect(faultAnswer(thrown, () => undefined)).toEqual({
      content: { error: { code: "run-locked", message: "somebody is there", remedy: "wait" } },
      text: "run-locked: somebody is there\n→ wait",
      failed: true,
    });
  });

  test("that has a defect tells its particulars to the log alone", () => {
    const log: string[] = [];
    const answer = faultAnswer(new TypeError("secret in a message"), (line) => log.push(line));
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(answer.content).toMatchObject({ error: { code: "defect" } });
    expect(log.join()).toContain("secret");
  });

  test("describes its arguments as an object that allows nothing else, under a name of its own", () => {
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    for (const { input } of tools) {
      expect(z.toJSONSchema(input, { io: "input" })).toMatchObject({ type: "object", additionalProperties: false });
    }
  });
});

describe("what a server does at the same time", () => {
  test("is bounded, and free again afterwards", async () => {
    const drives = new Drives(() => undefined);
    const { promise, resolve } = Promise.withResolvers<void>();
    const { signal } = new AbortController();
    const works = Array.from({ length: 4 }, () => drives.other(signal, () => promise));
    await expect(drives.other(signal, () => promise)).rejects.toMatchObject({ fault: { code: "run-locked" } });
    resolve();
    await Promise.all(works);
    await drives.other(signal, () => promise);
  });

  test("is ended when it stops, and nothing new is begun", async () => {
    const drives = new Drives(() => undefined);
    const ended = drives.other(new AbortController().signal, (signal) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      signal.addEventListener("abort", () => resolve("ended"));
      return promise;
    });
    await drives.stop();
    expect(await ended).toBe("ended");
    expect(() => drives.begin("/nowhere", () => Promise.reject(new Error("never called")))).toThrow("stopping");
  });
});
