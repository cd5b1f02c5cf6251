import type { ControlResult, TestReport, TestResult } from "@assay/sdk";
import type { Copy } from "./make-controls.ts";

export type MappedReport =
  | { kind: "mapped"; report: TestReport; controls: ControlResult[] }
  /** Why the report does not say what became of each test. */
  | { kind: "unclear"; why: string };

/** Opaque names as `make-controls` writes them, in an id. */
const opaque = /(?:test_|k)[0-9a-f]{12} ?/;

/** Says a report of opaque names in the tests' own, and what became of their controls apart from it. Pure. */
export function mapBack(report: TestReport, copies: readonly Copy[]): MappedReport {
  const byWritten = new Map(copies.map((copy) => [copy.written, copy]));
  const resolve = (id: string): { real: string; copy?: Copy } => {
    const written = opaque.exec(id)?.[0] ?? "";
    const copy = byWritten.get(written) ?? byWritten.get(written.trimEnd());
    return copy === undefined ? { real: id } : { real: id.replace(copy.written, copy.real), copy };
  };
  const isControl = (id: string) => resolve(id).copy?.role.kind === "control";

  const results: TestResult[] = [];
  const controls: ControlResult[] = [];
  for (const result of report.results) {
    const { real, copy } = resolve(result.id);
    if (copy?.role.kind !== "control") {
      results.push({ ...result, id: real });
      continue;
    }
    const altered = alteredAt(real, copy);
    if (altered !== undefined) controls.push({ test: real, alteration: altered.says, outcome: result.outcome });
  }
  const collected = report.collected.filter((id) => !isControl(id)).map((id) => resolve(id).real);
  if (new Set(collected).size !== collected.length) return { kind: "unclear", why: "two tests have one name" };
  const known = new Set(collected);
  if (controls.some(({ test }) => !known.has(test))) {
    return { kind: "unclear", why: "a control ran under a name that its test does not have" };
  }
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return {
    kind: "mapped",
    report: { ...report, collected: collected.sort(), results: results.sort(byId) },
    controls: controls.sort((a, b) => (a.test + a.alteration < b.test + b.alteration ? -1 : 1)),
  };
}

/** What was altered in the very test or subtest that has this id; nothing when it is another part of the copy. */
function alteredAt(id: string, { role, subtests }: Copy): { says: string } | undefined {
  if (role.kind === "original") return undefined;
  const inner = subtests
    .filter((path) => id.endsWith(` > ${path.join(" > ")}`))
    .sort((a, b) => b.length - a.length)
    .at(0);
  const key = JSON.stringify(inner ?? []);
  return role.altered.find(({ path }) => JSON.stringify(path) === key);
}
