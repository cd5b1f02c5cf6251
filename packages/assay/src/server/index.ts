export { Authenticator, type Credentials } from "./auth/authenticator.ts";
export type { FixedKeyTexts } from "./auth/fixed-keys.ts";
export type { Authentication, Identity } from "./auth/identity.ts";
export { keyHandlers } from "./auth/key-handlers.ts";
export type { Caller } from "./caller.ts";
export { EventStreams, type EventStreamsOptions, type EventsCall } from "./events/event-streams.ts";
export type { WorkerOffice } from "./handlers/handler-parts.ts";
export type { ConnectionRoutes, Handlers, RouteCall } from "./handlers.ts";
export { type HostPolicy, refuseRequest } from "./http/host-policy.ts";
export type { HttpLog, HttpOptions, ServeEvents } from "./http/http-options.ts";
export { createHttpServer, type HttpServer } from "./http/http-server.ts";
export { newServer } from "./http/new-server.ts";
export type { RateLimits } from "./http/rate-limits.ts";
export { defaultRateLimits } from "./http/rate-limits.ts";
export { connectHandler } from "./rpc/connect-handler.ts";
export type { RpcLimits } from "./rpc/rpc-limits.ts";
export { serverWithWorkers } from "./rpc/server-with-workers.ts";
export { Strangers } from "./rpc/strangers.ts";
export type { ReportedViolation, TenantWork } from "./rpc/tenant-work.ts";
export { newVisitors, type Visitors } from "./rpc/visitors.ts";
export { WorkerDesk, type WorkerDeskOptions } from "./rpc/worker-desk.ts";
export { type ServeProjectOptions, serveProject } from "./serve-project.ts";
export {
  type OpenDaemon,
  type RunningServer,
  type ServeExtensions,
  type ServeOptions,
  startServer,
} from "./start-server.ts";
export { Supervisor, type SupervisorOptions } from "./supervisor/supervisor.ts";
export type { CircuitBook, OpenServices, TenantServices } from "./supervisor/tenant-services.ts";
