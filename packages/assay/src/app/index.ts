export { assayVersion } from "./assay-version.ts";
export { auditProject } from "./audit-project.ts";
export { backUp } from "./backup/back-up.ts";
export { restore } from "./backup/restore.ts";
export { type BudgetFlags, budgetFlagsOf, budgetLimitsOf } from "./budgets.ts";
export { checkProposers } from "./check-proposers.ts";
export { type Config, readConfig } from "./config.ts";
export {
  type DaemonFile,
  daemonPaths,
  readDaemonFile,
  removeDaemonFiles,
  writeDaemonFile,
  writeDaemonKey,
} from "./daemon/daemon-file.ts";
export { findDaemon } from "./daemon/find-daemon.ts";
export { awaitsApproval, type Decided, type Decision, hostUserName } from "./decide-approval.ts";
export { describeProgress } from "./describe-progress.ts";
export { type EventFilter, EventTail, type EventTailOptions, type TailBatch } from "./events/event-tail.ts";
export { parseEventTypes } from "./events/event-types.ts";
export {
  type DaemonAddress,
  openProjectEvents,
  type ProjectEvents,
  type ProjectEventsFilter,
} from "./events/project-events.ts";
export type { TailedEvent } from "./events/recent-events.ts";
export { shownEvent } from "./events/shown-event.ts";
export { executeCheck } from "./execute-check.ts";
export { initialise } from "./initialise.ts";
export { examineJournal, type JournalCheck, type Repair, repairJournal } from "./journal-check.ts";
export { forgetLessons, knownMethods, learnedLessons } from "./knowledge-of-user.ts";
export { type ListedModel, type ListedModels, listModels, modelId } from "./list-models.ts";
export type { ListedRun } from "./listed-run.ts";
export { type LocalProject, type LocalProjectOptions, openLocalProject, parseRunId } from "./local-project.ts";
export { examineMachine, listCrashPoints, type MachineCheck, repairMachine } from "./machine-check.ts";
export { mutateProject } from "./mutate-project.ts";
export { type Driven, type DriveOptions, type OpenProject, openProject } from "./open-project.ts";
export { openSentProject, type SentFile, type SentProject, type SentProjectOptions } from "./open-sent-project.ts";
export { forgetKey, storeKey } from "./provider-keys.ts";
export { prune } from "./prune/prune.ts";
export { standingResult } from "./standing-result.ts";
export { openStateDirectory, type StateDirectory, statePlaces } from "./state-directory.ts";
export { type LoggedRequest, logRequest, logRunEvent } from "./telemetry/logs/log-lines.ts";
export { type Log, type LogLevel, logLevels, openLog } from "./telemetry/logs/open-log.ts";
export { type ServerLog, serverLog } from "./telemetry/logs/server-log.ts";
export { Metrics, type MetricsOptions, type Standing } from "./telemetry/metrics/metrics.ts";
export { timedJournal } from "./telemetry/metrics/timed-journal.ts";
export { Telemetry, type TelemetryOptions } from "./telemetry/telemetry.ts";
export { openSpanExport, type SpanExport } from "./telemetry/traces/span-export.ts";
export { traceContextOf, traceparentOf } from "./telemetry/traces/trace-ids.ts";
export { workSpan } from "./telemetry/traces/work-span.ts";
export { readUserConfig, type UserConfig } from "./user-config.ts";
export { verifyAgain } from "./verify-again.ts";
export type { PersonOptions } from "./workflow-tools.ts";
