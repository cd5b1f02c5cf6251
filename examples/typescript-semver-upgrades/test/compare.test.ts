import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareVersions, parseVersion } from "../src/index.ts";

function compare(a: string, b: string): number {
  return Math.sign(compareVersions(parseVersion(a), parseVersion(b)));
}

describe("compareVersions", () => {
  it("compares numbers as numbers", () => {
    assert.equal(compare("1.9.0", "1.10.0"), -1);
    assert.equal(compare("2.0.0", "1.99.99"), 1);
    assert.equal(compare("1.2.4", "1.2.3"), 1);
  });

  it("finds equal versions equal", () => {
    assert.equal(compare("1.2.3", "1.2.3"), 0);
    assert.equal(compare("1.2.3-rc.1", "1.2.3-rc.1"), 0);
    assert.equal(compare("1.2.3+a", "1.2.3+b"), 0);
  });

  it("puts a release after its prereleases", () => {
    assert.equal(compare("1.0.0-rc.1", "1.0.0"), -1);
    assert.equal(compare("1.0.0", "1.0.0-rc.1"), 1);
  });

  it("compares prerelease words by letter and numbers by size", () => {
    assert.equal(compare("1.0.0-alpha", "1.0.0-beta"), -1);
    assert.equal(compare("1.0.0-rc.2", "1.0.0-rc.11"), -1);
  });

  it("puts numbers before words", () => {
    assert.equal(compare("1.0.0-1", "1.0.0-alpha"), -1);
    assert.equal(compare("1.0.0-alpha.beta", "1.0.0-alpha.9"), 1);
  });
});
