import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bestMatch, formatVersion, latest, parseRange, parseVersion, sortVersions } from "../src/index.ts";

const versions = (...texts: string[]) => texts.map(parseVersion);

describe("sortVersions", () => {
  it("sorts oldest first and leaves its argument alone", () => {
    const given = versions("1.10.0", "1.2.0", "1.2.0-rc.1");
    assert.deepEqual(sortVersions(given).map(formatVersion), ["1.2.0-rc.1", "1.2.0", "1.10.0"]);
    assert.deepEqual(given.map(formatVersion), ["1.10.0", "1.2.0", "1.2.0-rc.1"]);
  });

  it("follows the order that the specification gives as its example", () => {
    const inOrder = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-rc.1",
      "1.0.0",
    ];
    assert.deepEqual(sortVersions(versions(...inOrder.toReversed())).map(formatVersion), inOrder);
  });
});

describe("bestMatch", () => {
  it("picks the newest in the range", () => {
    const best = bestMatch(versions("1.1.0", "1.4.2", "1.4.10", "2.0.0"), parseRange("^1.1.0"));
    assert.deepEqual(best, parseVersion("1.4.10"));
  });

  it("finds nothing when nothing is in the range", () => {
    assert.equal(bestMatch(versions("1.0.0"), parseRange("^2.0.0")), undefined);
  });
});

describe("latest", () => {
  it("prefers releases to newer prereleases", () => {
    assert.deepEqual(latest(versions("1.0.0", "2.0.0-beta.1")), parseVersion("1.0.0"));
  });

  it("takes the newest prerelease when there is no release", () => {
    assert.deepEqual(latest(versions("0.1.0-beta.2", "0.1.0-beta.10")), parseVersion("0.1.0-beta.10"));
  });

  it("takes a numbered prerelease for newer than the same without a number", () => {
    assert.deepEqual(latest(versions("0.1.0-beta.0", "0.1.0-beta")), parseVersion("0.1.0-beta.0"));
  });

  it("knows nothing of no versions", () => {
    assert.equal(latest([]), undefined);
  });
});
