import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseRange, parseVersion, satisfies } from "../src/index.ts";

/** Which of some versions are in a range. */
function inRange(range: string, ...versions: string[]): string[] {
  return versions.filter((version) => satisfies(parseVersion(version), parseRange(range)));
}

describe("ranges", () => {
  it("takes a plain version as exactly that", () => {
    assert.deepEqual(inRange("1.2.3", "1.2.2", "1.2.3", "1.2.4"), ["1.2.3"]);
  });

  it("reads comparators, with or without spaces", () => {
    assert.deepEqual(inRange(">=1.2.0 <2.0.0", "1.1.9", "1.2.0", "1.9.9", "2.0.0"), ["1.2.0", "1.9.9"]);
    assert.deepEqual(inRange("> 1.2.0 <= 1.3.0", "1.2.0", "1.2.1", "1.3.0", "1.3.1"), ["1.2.1", "1.3.0"]);
  });

  it("keeps the first part that is not zero with a caret", () => {
    assert.deepEqual(inRange("^1.2.3", "1.2.2", "1.2.3", "1.9.0", "2.0.0"), ["1.2.3", "1.9.0"]);
    assert.deepEqual(inRange("^0.2.3", "0.2.2", "0.2.9", "0.3.0"), ["0.2.9"]);
    assert.deepEqual(inRange("^0.0.3", "0.0.2", "0.0.3", "0.0.4"), ["0.0.3"]);
    assert.deepEqual(inRange("^0.x", "0.0.1", "0.9.0", "1.0.0"), ["0.0.1", "0.9.0"]);
  });

  it("keeps the minor version with a tilde", () => {
    assert.deepEqual(inRange("~1.2.3", "1.2.2", "1.2.9", "1.3.0"), ["1.2.9"]);
    assert.deepEqual(inRange("~1.2", "1.1.9", "1.2.0", "1.3.0"), ["1.2.0"]);
    assert.deepEqual(inRange("~1", "0.9.0", "1.0.0", "1.9.0", "2.0.0"), ["1.0.0", "1.9.0"]);
  });

  it("takes left-out parts as any", () => {
    assert.deepEqual(inRange("1.x", "0.9.9", "1.0.0", "1.9.9", "2.0.0"), ["1.0.0", "1.9.9"]);
    assert.deepEqual(inRange("1.2.*", "1.1.0", "1.2.7", "1.3.0"), ["1.2.7"]);
    assert.deepEqual(inRange("*", "0.0.1", "9.9.9"), ["0.0.1", "9.9.9"]);
    assert.deepEqual(inRange("", "0.0.1", "9.9.9"), ["0.0.1", "9.9.9"]);
  });

  it("moves past everything that a partial bound covers", () => {
    assert.deepEqual(inRange(">1.2", "1.2.9", "1.3.0"), ["1.3.0"]);
    assert.deepEqual(inRange("<=1.2", "1.2.9", "1.3.0"), ["1.2.9"]);
  });

  it("reads hyphen ranges", () => {
    assert.deepEqual(inRange("1.2.0 - 2.1", "1.1.9", "1.2.0", "2.1.9", "2.2.0"), ["1.2.0", "2.1.9"]);
  });

  it("accepts any of several alternatives", () => {
    assert.deepEqual(inRange("^1.0.0 || ^3.0.0", "1.5.0", "2.0.0", "3.1.0"), ["1.5.0", "3.1.0"]);
  });

  it("leaves prereleases out unless the same version is named with one", () => {
    assert.deepEqual(inRange("^1.2.0", "1.3.0-beta", "1.3.0"), ["1.3.0"]);
    assert.deepEqual(inRange(">=1.3.0-beta", "1.3.0-alpha", "1.3.0-beta", "1.3.0-rc", "1.4.0-rc", "1.4.0"), [
      "1.3.0-beta",
      "1.3.0-rc",
      "1.4.0",
    ]);
  });

  it("refuses text that is no range", () => {
    assert.throws(() => parseRange("^one.two"), RangeError);
  });
});
