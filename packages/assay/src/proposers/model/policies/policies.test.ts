import { describe, expect, test } from "vitest";
import { fault } from "#domain";
import { type LanguageModel, type ModelAnswer, type ModelRequest, noUsage } from "#ports";
import { ProviderBreakers } from "./with-breaker.ts";
import { Gate, withGate } from "./with-gate.ts";
import { withRetry } from "./with-retry.ts";

const question: ModelRequest = { messages: [{ role: "user", text: "?" }], outputTokensMax: 10 };
const charged = { ...noUsage, inputTokens: 5, outputTokens: 1 };
const answered: ModelAnswer = {
  kind: "answered",
  text: "yes",
  end: "complete",
  usage: charged,
  requests: 1,
  wallMs: 1,
};

function failed(code: "model-failed" | "model-rate-limited" | "model-unauthorized", more: object = {}): ModelAnswer {
  return { kind: "failed", fault: fault(code, code), usage: noUsage, requests: 1, wallMs: 1, ...more };
}

/** Gives one answer after the other, and counts how often it is asked. */
function model(answers: (() => Promise<ModelAnswer> | ModelAnswer)[], provider = "one") {
  let asked = 0;
  const scripted: LanguageModel = {
    description: { id: `${provider}/m`, provider, family: "f", contextTokensMax: 1000, outputTokensMax: 100 },
    worstCase: () => ({ requests: 1, tokens: 100, costMicroUsd: 7 }),
    ask: async () => {
      const answer = answers[asked];
      asked += 1;
      if (answer === undefined) throw new Error("asked too often");
      return answer();
    },
  };
  return { scripted, asked: () => asked };
}

function withManualSleep(scripted: LanguageModel) {
  const slept: number[] = [];
  const options = { triesMax: 3, firstDelayMs: 100, delayMsMax: 1000, retryAfterMsMax: 5000, random: () => 0 };
  return { slept, retried: withRetry(scripted, { ...options, sleep: async (ms) => void slept.push(ms) }) };
}

describe("retries", () => {
  test("come after growing pauses, or as late as the provider says, and are counted", async () => {
    const script = [failed("model-failed"), failed("model-rate-limited", { retryAfterMs: 4000 }), answered];
    const { slept, retried } = withManualSleep(model(script.map((one) => () => one)).scripted);
    expect(await retried.ask(question)).toEqual({ ...answered, requests: 3, wallMs: expect.any(Number) });
    expect(slept).toEqual([50, 4000]);
  });

  test("end with the last failure, and what they may spend is known before", async () => {
    const { scripted, asked } = model(Array.from({ length: 3 }, () => () => failed("model-failed")));
    const { retried } = withManualSleep(scripted);
    expect(retried.worstCase(question)).toEqual({ requests: 3, tokens: 100, costMicroUsd: 7 });
    expect(await retried.ask(question)).toMatchObject({ kind: "failed", requests: 3 });
    expect(asked()).toBe(3);
  });

  test.each([
    ["what will not pass", failed("model-unauthorized")],
    ["what was charged", failed("model-failed", { usage: charged })],
    ["what would have to wait too long", failed("model-rate-limited", { retryAfterMs: 5001 })],
  ])("do not repeat %s", async (_, answer) => {
    const { slept, retried } = withManualSleep(model([() => answer]).scripted);
    expect(await retried.ask(question)).toEqual({ ...answer, requests: 1, wallMs: expect.any(Number) });
    expect(slept).toEqual([]);
  });
});

describe("the breaker of a provider", () => {
  test("opens for all of its models after failures in a row, lets one probe through later, and closes when that is answered", async () => {
    let now = 0;
    const breakers = new ProviderBreakers({ failuresMax: 2, coolDownMs: 1000 }, () => now);
    const one = model([() => failed("model-failed"), () => failed("model-failed"), () => answered, () => answered]);
    const first = breakers.around(one.scripted);
    const sister = model([() => answered]);
    const other = model([() => answered], "two");
    await first.ask(question);
    await first.ask(question);
    expect(await first.ask(question)).toMatchObject({
      kind: "failed",
      requests: 0,
      fault: { code: "model-unreachable" },
    });
    expect(await breakers.around(sister.scripted).ask(question)).toMatchObject({ kind: "failed", requests: 0 });
    expect(await breakers.around(other.scripted).ask(question)).toEqual(answered);
    now = 1000;
    expect(await first.ask(question)).toEqual(answered);
    expect(await breakers.around(sister.scripted).ask(question)).toEqual(answered);
    expect(one.asked()).toBe(3);
  });

  test("counts failures of requests that were under way at the same time, and no late success closes it", async () => {
    const breakers = new ProviderBreakers({ failuresMax: 2, coolDownMs: 1000 }, () => 0);
    const ends: ((answer: ModelAnswer) => void)[] = [];
    const slow = () => new Promise<ModelAnswer>((resolve) => ends.push(resolve));
    const asked = breakers.around(model([slow, slow, slow, () => answered]).scripted);
    const asking = [1, 2, 3].map(() => asked.ask(question));
    ends[0]?.(failed("model-failed"));
    ends[1]?.(failed("model-failed"));
    await settle();
    ends[2]?.(answered);
    await Promise.all(asking);
    expect(await asked.ask(question)).toMatchObject({ kind: "failed", requests: 0 });
  });

  test("does not open for what is the request's own fault", async () => {
    const breakers = new ProviderBreakers({ failuresMax: 1, coolDownMs: 1000 }, () => 0);
    const asked = breakers.around(model([() => failed("model-unauthorized"), () => answered]).scripted);
    await asked.ask(question);
    expect(await asked.ask(question)).toEqual(answered);
  });
});

describe("a gate", () => {
  test("lets no more in at a time than may, in their order", async () => {
    const ends: (() => void)[] = [];
    const began: number[] = [];
    const slow = Array.from({ length: 4 }, (_, index) => async () => {
      began.push(index);
      await new Promise<void>((resolve) => ends.push(resolve));
      return answered;
    });
    const { scripted } = model(slow);
    const gate = new Gate({ concurrentMax: 2 });
    const asking = Array.from({ length: 4 }, () => withGate(scripted, gate).ask(question));
    await settle();
    expect(began).toEqual([0, 1]);
    ends[0]?.();
    await settle();
    expect(began).toEqual([0, 1, 2]);
    ends[1]?.();
    ends[2]?.();
    await settle();
    ends[3]?.();
    expect(await Promise.all(asking)).toHaveLength(4);
  });

  test("waits until a minute has passed since the request that is so many before", async () => {
    const stop = new AbortController();
    const gate = new Gate({ concurrentMax: 9, requestsPerMinuteMax: 2 }, () => 0);
    const work = async () => "done";
    expect(await gate.pass(work)).toBe("done");
    expect(await gate.pass(work)).toBe("done");
    const third = gate.pass(work, stop.signal);
    stop.abort();
    await expect(third).rejects.toMatchObject({ fault: { code: "interrupted" } });
  });
});

test("a request whose turn does not come in its time is told so, and takes no place", async () => {
  const gate = new Gate({ concurrentMax: 1 });
  const ends: (() => void)[] = [];
  const holding = gate.pass(() => new Promise<void>((resolve) => ends.push(resolve)));
  const { scripted, asked } = model([() => answered]);
  const waited = await withGate(scripted, gate).ask({ ...question, wallMsMax: 1 });
  expect(waited).toMatchObject({ kind: "failed", requests: 0, fault: { code: "model-rate-limited" } });
  await settle();
  ends[0]?.();
  await holding;
  expect(await withGate(scripted, gate).ask(question)).toEqual(answered);
  expect(asked()).toBe(1);
});

/** Lets everything that is ready run. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
