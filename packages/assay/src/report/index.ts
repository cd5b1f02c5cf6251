export { auditText } from "./audit/audit-text.ts";
export { auditTrail } from "./audit/audit-trail.ts";
export { type AuditContent, checkDigests } from "./audit/check-digests.ts";
export { changeFindings } from "./change-findings.ts";
export { formatCount, formatDuration, formatTime, plural } from "./format.ts";
export { headlineOf, type Tone } from "./headline.ts";
export { renderDiff } from "./html/diff.ts";
export { type Html, html } from "./html/html.ts";
export { section } from "./html/parts.ts";
export { renderHtml } from "./html/render-html.ts";
export { style } from "./html/style.ts";
export { loadObservations } from "./load-observations.ts";
export { renderMarkdown } from "./markdown.ts";
export type {
  CandidateView,
  ChangeView,
  ReceiptFacts,
  RunView,
  StepView,
  SuiteView,
  Suspect,
  TestChange,
} from "./run-view.ts";
export { revealLine, sanitizeLine, sanitizeText } from "./sanitize.ts";
export { readSarif } from "./sarif/read-sarif.ts";
export type { SarifFinding, SarifRun } from "./sarif/sarif-finding.ts";
export { writeSarif } from "./sarif/write-sarif.ts";
export { type ViewSources, viewRun } from "./view-run.ts";
