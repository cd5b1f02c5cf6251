import { createHash } from "node:crypto";
import { sanitizeText } from "../sanitize.ts";
import type { SarifFinding, SarifRun } from "./sarif-finding.ts";

/** Results that a viewer is asked to show of one run; GitHub takes 25,000 and shows 5,000. */
const resultsMax = 5000;

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/**
 * A SARIF 2.1.0 log with one run. Paths are relative to `%SRCROOT%`, the project's root. Text is stripped of control and bidi
 * characters. Beyond 5,000 findings the rest is left out, and a note says how many.
 */
export function writeSarif({ tool, findings }: SarifRun): string {
  const shown = findings.slice(0, resultsMax);
  const rules = [...new Set(shown.map(({ rule }) => rule))].sort();
  const left = findings.length - shown.length;
  const log = {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            ...(tool.version === undefined ? {} : { version: tool.version }),
            rules: rules.map((id) => ({ id, shortDescription: { text: describe(id, shown) } })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: shown.map((finding) => resultOf(finding, rules)),
        invocations: [
          {
            executionSuccessful: true,
            ...(left === 0
              ? {}
              : {
                  toolExecutionNotifications: [{ level: "note", message: { text: `${left} more findings not shown` } }],
                }),
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A rule is described by what its first finding says. */
function describe(id: string, findings: readonly SarifFinding[]): string {
  return sanitizeText(findings.find(({ rule }) => rule === id)?.message ?? id);
}

function resultOf(finding: SarifFinding, rules: readonly string[]) {
  const { rule, severity, message, file } = finding;
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: severity,
    message: { text: sanitizeText(message) },
    locations: file === undefined ? [] : [{ physicalLocation: placeOf(finding, file) }],
    // The same finding on a moved line is the same finding.
    partialFingerprints: { "assay/v1": fingerprint(finding) },
  };
}

function placeOf({ line, lineEnd, column, snippet }: SarifFinding, file: string) {
  const region = {
    ...(line === undefined ? {} : { startLine: line }),
    ...(lineEnd === undefined ? {} : { endLine: lineEnd }),
    ...(column === undefined ? {} : { startColumn: column }),
    ...(snippet === undefined || snippet === "" ? {} : { snippet: { text: sanitizeText(snippet) } }),
  };
  return {
    artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" },
    // A region says where in the file; without a line there is none to tell.
    ...(line === undefined ? {} : { region }),
  };
}

function fingerprint({ rule, file, snippet, message }: SarifFinding): string {
  return createHash("sha256")
    .update(JSON.stringify([rule, file, snippet ?? message]))
    .digest("hex")
    .slice(0, 32);
}
