import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runId } from "#domain";
import { digestOf } from "#ports";
import { SqliteRequestLog } from "./sqlite-request-log.ts";
import { SqliteSettings } from "./sqlite-settings.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "assay-requests-"));
});
afterAll(() => rm(directory, { recursive: true }));

const request = { tenant: "default", key: "k", digest: digestOf("goal"), run: runId("heal-aaaaaaaa") };
const later = { ...request, digest: digestOf("other"), run: runId("heal-bbbbbbbb") };

describe("requests that may be sent again", () => {
  test("keep the run that the first one was given, also for another process", async () => {
    const path = join(directory, "first.sqlite");
    await using log = await SqliteRequestLog.open(path);
    expect(await log.reserve(request)).toEqual({ run: request.run, digest: request.digest });
    await using other = await SqliteRequestLog.open(path);
    expect(await other.reserve(later)).toEqual({ run: request.run, digest: request.digest });
    expect(await other.reserve({ ...later, tenant: "acme" })).toMatchObject({ run: later.run });
    expect(await other.reserve({ ...later, key: "k2" })).toMatchObject({ run: later.run });
  });

  test("are forgotten after a month", async () => {
    let now = 0;
    await using log = await SqliteRequestLog.open(join(directory, "month.sqlite"), () => now);
    await log.reserve(request);
    now = 30 * 24 * 3600_000;
    expect(await log.reserve(later)).toMatchObject({ run: request.run });
    now += 1;
    expect(await log.reserve(later)).toMatchObject({ run: later.run });
  });
});

describe("settings", () => {
  test("are one tenant's, and stay until they are taken away", async () => {
    const path = join(directory, "settings.sqlite");
    {
      await using settings = await SqliteSettings.open(path, "default");
      await settings.set("stop", "drill");
      await settings.set("stop", "fire");
    }
    await using settings = await SqliteSettings.open(path, "default");
    await using others = await SqliteSettings.open(path, "acme");
    expect(await settings.get("stop")).toBe("fire");
    expect(await others.get("stop")).toBeUndefined();
    await settings.remove("stop");
    expect(await settings.get("stop")).toBeUndefined();
  });
});
