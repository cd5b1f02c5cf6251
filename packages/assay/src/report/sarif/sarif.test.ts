import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSarif } from "./read-sarif.ts";
import type { SarifFinding } from "./sarif-finding.ts";
import { writeSarif } from "./write-sarif.ts";

const tool = { name: "assay", version: "1.2.3" };
const finding: SarifFinding = {
  rule: "python-process-spawn",
  severity: "error",
  message: "starts another program",
  file: "src/übung ä.py",
  line: 3,
  column: 5,
  snippet: "os.system(cmd)",
};

function log(result: object, driver: object = {}): string {
  return JSON.stringify({
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "x", ...driver } }, results: [result] }],
  });
}

it("reads back what it wrote", () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  const path = fc.array(fc.stringMatching(/^[\w %#?äß-]{1,12}$/), { minLength: 1, maxLength: 4 });
  const findings = fc.array(
    fc.record({
      rule: word,
      severity: fc.constantFrom("note" as const, "warning" as const, "error" as const),
      message: word,
      file: path.map((parts) => `x${parts.join("/")}`),
      line: fc.integer({ min: 1, max: 1e6 }),
      column: fc.integer({ min: 1, max: 500 }),
    }),
  );
  fc.assert(
    fc.property(findings, (written) => {
      expect(readSarif(writeSarif({ tool, findings: written }))).toEqual([{ tool, findings: written }]);
    }),
  );
});

describe("written", () => {
  it("is a log with rules, places below the project's root and fingerprints that survive moved lines", () => {
    const of = (line: number) => JSON.parse(writeSarif({ tool, findings: [{ ...finding, line }] }));
    const [run] = of(3).runs;
    expect(run.tool.driver.rules).toEqual([{ id: finding.rule, shortDescription: { text: finding.message } }]);
    expect(run.results[0]).toMatchObject({ ruleIndex: 0, level: "error" });
    expect(run.results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: "src/%C3%BCbung%20%C3%A4.py", uriBaseId: "%SRCROOT%" },
      region: { startLine: 3, startColumn: 5, snippet: { text: "os.system(cmd)" } },
    });
    expect(of(9).runs[0].results[0].partialFingerprints).toEqual(run.results[0].partialFingerprints);
  });

  it("holds no control or bidi characters of the code it shows", () => {
    const text = writeSarif({ tool, findings: [{ ...finding, message: "a\u001b[31mb\u202ec", snippet: "x\u0007y" }] });
    expect(text).not.toMatch(/\\u001b|\\u0007|\u202e/);
  });

  it("says how many findings it leaves out", () => {
    const [run] = JSON.parse(writeSarif({ tool, findings: Array(5003).fill(finding) })).runs;
    expect(run.results).toHaveLength(5000);
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toBe("3 more findings not shown");
  });
});

describe("read", () => {
  it("takes rule, level and message from the rule where the result leaves them out", () => {
    const rules = [
      {
        id: "S1",
        defaultConfiguration: { level: "error" },
        messageStrings: { default: { text: "from the rule" } },
      },
    ];
    const read = readSarif(log({ ruleIndex: 0, message: { id: "default" } }, { rules }));
    expect(read[0]?.findings).toEqual([{ rule: "S1", severity: "error", message: "from the rule" }]);
  });

  it.each([
    ["passed", { kind: "pass" }],
    ["not applicable", { kind: "notApplicable" }],
    ["of level none", { level: "none" }],
    ["suppressed", { suppressions: [{ kind: "inSource" }] }],
  ])("leaves out what is %s", (_, extra) => {
    expect(readSarif(log({ ruleId: "r", message: { text: "m" }, ...extra }))[0]?.findings).toEqual([]);
  });

  it("keeps what somebody only asked to suppress", () => {
    const asked = { ruleId: "r", message: { text: "m" }, suppressions: [{ status: "rejected" }] };
    expect(readSarif(log(asked))[0]?.findings).toHaveLength(1);
  });

  it("accepts a byte order mark, and a run without results", () => {
    expect(
      readSarif(`\uFEFF${JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } } }] })}`),
    ).toEqual([{ tool: { name: "x" }, findings: [] }]);
  });

  it.each([
    ["no JSON", "nonsense", /is not JSON/],
    ["another version", JSON.stringify({ version: "2.0.0", runs: [] }), /not a SARIF 2\.1\.0 log: version/],
    [
      "a line below 1",
      log({ message: {}, locations: [{ physicalLocation: { region: { startLine: 0 } } }] }),
      /startLine/,
    ],
  ])("says what is wrong with %s", (_, text, message) => {
    expect(() => readSarif(text)).toThrow(message);
  });
});
