import { expect, test } from "vitest";
import { raise, runId } from "#domain";
import { MapSettings } from "../../../test/support/map-settings.ts";
import { ResumeIntents } from "./resume-intents.ts";

const [a, b] = [runId("heal-aaaaaaaa"), runId("heal-bbbbbbbb")];

test("what was acknowledged is known to the next process, until its run is claimed", async () => {
  const settings = new MapSettings();
  const first = new ResumeIntents(settings);
  await Promise.all([
    first.keep({ run: a, after: 4, request: { attemptsMax: 2 } }),
    first.keep({ run: b, after: 7, request: { apply: true, usdMax: 1.5 } }),
  ]);
  const second = new ResumeIntents(settings);
  expect([...(await second.all()).values()]).toEqual([
    { run: a, after: 4, request: { attemptsMax: 2 } },
    { run: b, after: 7, request: { apply: true, usdMax: 1.5 } },
  ]);
  await second.claimed(a);
  // What is done at the end is left to do.
  await second.claimed(b);
  expect([...(await new ResumeIntents(settings).all()).values()]).toEqual([{ run: b, request: { apply: true } }]);
  await second.drop(b);
  expect(settings.values.size).toBe(0);
});

test("a change that was not written down did not happen, and those behind it do", async () => {
  const settings = new MapSettings();
  const intents = new ResumeIntents(settings);
  settings.fails = () => raise("disk-full", "no space");
  await expect(intents.keep({ run: a, after: 1, request: {} })).rejects.toMatchObject({ fault: { code: "disk-full" } });
  settings.fails = undefined;
  await intents.keep({ run: b, after: 1, request: {} });
  expect([...(await intents.all()).keys()]).toEqual([b]);
});
