import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatVersion, parseVersion } from "../src/index.ts";

describe("parseVersion", () => {
  it("reads the three numbers", () => {
    assert.deepEqual(parseVersion("1.22.333"), { major: 1, minor: 22, patch: 333, prerelease: [] });
  });

  it("reads prerelease identifiers, numbers as numbers", () => {
    assert.deepEqual(parseVersion("1.0.0-rc.12.x-1").prerelease, ["rc", 12, "x-1"]);
  });

  it("accepts a leading v and drops build metadata", () => {
    assert.equal(formatVersion(parseVersion("v2.0.0-beta.1+build.7")), "2.0.0-beta.1");
  });

  for (const text of ["", "1", "1.2", "01.2.3", "1.2.3.4", "1.2.3-", "1.2.3-a..b", "1.2.3-01", "one"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseVersion(text), RangeError);
    });
  }
});
