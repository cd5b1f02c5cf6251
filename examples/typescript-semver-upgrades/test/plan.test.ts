import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatReport, planUpgrades } from "../src/index.ts";

describe("planUpgrades", () => {
  it("names the step and what is out of range", () => {
    const plan = planUpgrades([{ name: "left-pad", installed: "1.1.0", range: "^1.1.0" }], {
      "left-pad": ["1.1.0", "1.1.3", "1.3.0", "2.0.0"],
    });
    assert.deepEqual(plan, [{ name: "left-pad", from: "1.1.0", to: "1.3.0", step: "minor", beyondRange: "2.0.0" }]);
  });

  it("puts the biggest steps first, then sorts by name", () => {
    const plan = planUpgrades(
      [
        { name: "b", installed: "1.0.0", range: "1.0.x" },
        { name: "a", installed: "1.0.0", range: "1.0.x" },
        { name: "c", installed: "1.0.0", range: "*" },
        { name: "d", installed: "1.0.0", range: "*" },
      ],
      { a: ["1.0.1"], b: ["1.0.2"], c: ["2.0.0"], d: ["1.0.0"] },
    );
    assert.deepEqual(plan.map(({ name }) => name), ["c", "a", "b", "d"]);
  });

  it("never goes back to an older version", () => {
    const [upgrade] = planUpgrades([{ name: "x", installed: "1.5.0", range: "1.x" }], { x: ["1.4.0"] });
    assert.equal(upgrade?.to, "1.5.0");
    assert.equal(upgrade?.step, "none");
  });

  it("moves on from one prerelease to the one that refines it", () => {
    const [upgrade] = planUpgrades([{ name: "x", installed: "2.0.0-next", range: ">=2.0.0-next <3.0.0" }], {
      x: ["1.9.0", "2.0.0-next", "2.0.0-next.1"],
    });
    assert.equal(upgrade?.to, "2.0.0-next.1");
    assert.equal(upgrade?.step, "prerelease");
  });

  it("leaves a package that nobody publishes where it is", () => {
    assert.deepEqual(planUpgrades([{ name: "own", installed: "0.1.0", range: "^0.1.0" }], {}), [
      { name: "own", from: "0.1.0", to: "0.1.0", step: "none" },
    ]);
  });
});

describe("formatReport", () => {
  it("aligns names and counts what is due", () => {
    const report = formatReport([
      { name: "left-pad", from: "1.1.0", to: "1.3.0", step: "minor", beyondRange: "2.0.0" },
      { name: "x", from: "1.0.0", to: "1.0.0", step: "none" },
    ]);
    assert.equal(
      report,
      [
        "left-pad  1.1.0 -> 1.3.0 (minor), 2.0.0 is out of range",
        "x         1.0.0 is the best match",
        "1 of 2 to upgrade",
      ].join("\n"),
    );
  });

  it("says so when there is nothing to plan", () => {
    assert.equal(formatReport([]), "no dependencies");
  });
});
